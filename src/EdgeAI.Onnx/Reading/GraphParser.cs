using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>Reads graphs, nodes and attributes.</summary>
internal sealed class GraphParser(WireReader wire, TensorParser tensors, TypeParser types)
{
    public OnnxGraph ReadGraph(string label, int index = -1)
    {
        var name = "";
        var nodes = ImmutableArray.CreateBuilder<OnnxNode>();
        var inputs = ImmutableArray.CreateBuilder<OnnxValueInfo>();
        var outputs = ImmutableArray.CreateBuilder<OnnxValueInfo>();
        var valueInfos = ImmutableArray.CreateBuilder<OnnxValueInfo>();
        var initializers = new List<OnnxTensor>();
        var sparse = ImmutableArray.CreateBuilder<OnnxSparseTensor>();
        PreservedFields? preserved = null;

        var outer = wire.Enter(label, index);
        for (int field; (field = wire.ReadTag()) != 0;)
        {
            switch (field)
            {
                case ProtoFields.Graph.Node: nodes.Add(ReadNode(nodes.Count)); break;
                case ProtoFields.Graph.Name: name = wire.ReadString(); break;
                case ProtoFields.Graph.Initializer: initializers.Add(tensors.ReadTensor("initializer", initializers.Count)); break;
                case ProtoFields.Graph.Input: inputs.Add(types.ReadValueInfo("input", inputs.Count)); break;
                case ProtoFields.Graph.Output: outputs.Add(types.ReadValueInfo("output", outputs.Count)); break;
                case ProtoFields.Graph.ValueInfo: valueInfos.Add(types.ReadValueInfo("value_info", valueInfos.Count)); break;
                case ProtoFields.Graph.SparseInitializer: sparse.Add(tensors.ReadSparseTensor("sparse_initializer", sparse.Count)); break;
                default: preserved = wire.Preserve(preserved); break;
            }
        }

        wire.Leave(outer);
        return new OnnxGraph(name, nodes.DrainToImmutable(), inputs.DrainToImmutable(), outputs.DrainToImmutable(), [.. initializers])
        {
            ValueInfos = valueInfos.DrainToImmutable(),
            SparseInitializers = sparse.DrainToImmutable(),
            Preserved = preserved,
        };
    }

    public OnnxNode ReadNode(int index)
    {
        var (name, opType, domain, overload) = ("", "", "", "");
        var inputs = ImmutableArray.CreateBuilder<string>();
        var outputs = ImmutableArray.CreateBuilder<string>();
        var attributes = new List<OnnxAttribute>();
        PreservedFields? preserved = null;

        var outer = wire.Enter("node", index);
        for (int field; (field = wire.ReadTag()) != 0;)
        {
            switch (field)
            {
                case ProtoFields.Node.Input: inputs.Add(wire.ReadString()); break;
                case ProtoFields.Node.Output: outputs.Add(wire.ReadString()); break;
                case ProtoFields.Node.Name: name = wire.ReadString(); break;
                case ProtoFields.Node.OpType: opType = wire.ReadString(); break;
                case ProtoFields.Node.Attribute: attributes.Add(ReadAttribute("attribute", attributes.Count)); break;
                case ProtoFields.Node.Domain: domain = wire.ReadString(); break;
                case ProtoFields.Node.Overload: overload = wire.ReadString(); break;
                default: preserved = wire.Preserve(preserved); break;
            }
        }

        wire.Leave(outer);
        return new OnnxNode(opType, inputs.DrainToImmutable(), outputs.DrainToImmutable(), [.. attributes])
        {
            Name = name,
            Domain = domain,
            Overload = overload,
            Preserved = preserved,
        };
    }

    public OnnxAttribute ReadAttribute(string label, int index)
    {
        var content = new AttributeContent(wire, tensors, types, this);
        var outer = wire.Enter(label, index);
        for (int field; (field = wire.ReadTag()) != 0;) content.Read(field);
        wire.Leave(outer);
        return content.Build();
    }
}
