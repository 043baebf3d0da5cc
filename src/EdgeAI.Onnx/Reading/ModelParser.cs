using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>Reads a model's outermost message.</summary>
internal sealed class ModelParser
{
    private readonly WireReader _wire;
    private readonly TensorParser _tensors;
    private readonly TypeParser _types;
    private readonly GraphParser _graphs;

    public ModelParser(WireReader wire, ExternalFiles externalFiles, OnnxReaderOptions options)
    {
        _wire = wire;
        _tensors = new TensorParser(wire, externalFiles, options);
        _types = new TypeParser(wire, options);
        _graphs = new GraphParser(wire, _tensors, _types);
    }

    public OnnxModel ReadModel()
    {
        long irVersion = 0, modelVersion = 0;
        var (producerName, producerVersion, domain, docString) = ("", "", "", "");
        OnnxGraph? graph = null;
        var opsets = new List<OnnxOpsetImport>();
        var functions = ImmutableArray.CreateBuilder<OnnxFunction>();
        var metadata = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        PreservedFields? preserved = null;

        for (int field; (field = _wire.ReadTag()) != 0;)
        {
            switch (field)
            {
                case ProtoFields.Model.IrVersion: irVersion = _wire.ReadInt64(); break;
                case ProtoFields.Model.ProducerName: producerName = _wire.ReadString(); break;
                case ProtoFields.Model.ProducerVersion: producerVersion = _wire.ReadString(); break;
                case ProtoFields.Model.Domain: domain = _wire.ReadString(); break;
                case ProtoFields.Model.ModelVersion: modelVersion = _wire.ReadInt64(); break;
                case ProtoFields.Model.DocString: docString = _wire.ReadString(); break;
                case ProtoFields.Model.Graph:
                    _wire.RequireFirst(graph);
                    graph = _graphs.ReadGraph("graph");
                    break;
                case ProtoFields.Model.OpsetImport: opsets.Add(ReadOpsetImport(opsets.Count)); break;
                case ProtoFields.Model.Metadata: metadata.Add(_tensors.ReadEntry("metadata_props", metadata.Count)); break;
                case ProtoFields.Model.Functions: functions.Add(ReadFunction(functions.Count)); break;
                default: preserved = _wire.Preserve(preserved); break;
            }
        }

        if (irVersion < 1) throw _wire.Error($"the IR version is {irVersion}, expected 1 or more");
        if (graph is null) throw _wire.Error("the model has no graph");
        if (opsets.Count == 0 && irVersion >= 3) throw _wire.Error("the model imports no operator set");
        return new OnnxModel(graph, [.. opsets])
        {
            IrVersion = irVersion,
            ProducerName = producerName,
            ProducerVersion = producerVersion,
            Domain = domain,
            ModelVersion = modelVersion,
            DocString = docString,
            Functions = functions.DrainToImmutable(),
            Metadata = metadata.DrainToImmutable(),
            Preserved = preserved,
        };
    }

    private OnnxOpsetImport ReadOpsetImport(int index)
    {
        var domain = "";
        long version = 0;
        var outer = _wire.Enter("opset_import", index);
        for (int field; (field = _wire.ReadTag()) != 0;)
        {
            switch (field)
            {
                case ProtoFields.OpsetImport.Domain: domain = _wire.ReadString(); break;
                case ProtoFields.OpsetImport.Version: version = _wire.ReadInt64(); break;
                default: _wire.SkipField(); break;
            }
        }

        _wire.Leave(outer);
        return new OnnxOpsetImport(domain, version);
    }

    private OnnxFunction ReadFunction(int index)
    {
        var (name, domain, overload) = ("", "", "");
        var inputs = ImmutableArray.CreateBuilder<string>();
        var outputs = ImmutableArray.CreateBuilder<string>();
        var attributeNames = ImmutableArray.CreateBuilder<string>();
        var attributeDefaults = ImmutableArray.CreateBuilder<OnnxAttribute>();
        var nodes = ImmutableArray.CreateBuilder<OnnxNode>();
        var opsets = new List<OnnxOpsetImport>();
        PreservedFields? preserved = null;

        var outer = _wire.Enter("functions", index);
        for (int field; (field = _wire.ReadTag()) != 0;)
        {
            switch (field)
            {
                case ProtoFields.Function.Name: name = _wire.ReadString(); break;
                case ProtoFields.Function.Domain: domain = _wire.ReadString(); break;
                case ProtoFields.Function.Overload: overload = _wire.ReadString(); break;
                case ProtoFields.Function.Input: inputs.Add(_wire.ReadString()); break;
                case ProtoFields.Function.Output: outputs.Add(_wire.ReadString()); break;
                case ProtoFields.Function.Attribute: attributeNames.Add(_wire.ReadString()); break;
                case ProtoFields.Function.AttributeDefault: attributeDefaults.Add(_graphs.ReadAttribute("attribute_proto", attributeDefaults.Count)); break;
                case ProtoFields.Function.Node: nodes.Add(_graphs.ReadNode(nodes.Count)); break;
                case ProtoFields.Function.OpsetImport: opsets.Add(ReadOpsetImport(opsets.Count)); break;
                default: preserved = _wire.Preserve(preserved); break;
            }
        }

        _wire.Leave(outer);
        return new OnnxFunction(domain, name, inputs.DrainToImmutable(), outputs.DrainToImmutable(), nodes.DrainToImmutable(), [.. opsets])
        {
            Overload = overload,
            AttributeNames = attributeNames.DrainToImmutable(),
            AttributeDefaults = attributeDefaults.DrainToImmutable(),
            Preserved = preserved,
        };
    }
}
