namespace EdgeAI.Onnx;

/// <summary>Writes a model's outermost message.</summary>
internal static class ModelEncoder
{
    /// <summary>Encodes a model. The graph comes last, so that a file cut off anywhere is noticed.</summary>
    /// <param name="model">The model.</param>
    /// <param name="placement">Where external data lies; <see langword="null"/> writes all data into the model.</param>
    public static WireWriter Encode(OnnxModel model, Func<OnnxTensor, (string Location, long Offset)?>? placement = null)
    {
        var wire = new WireWriter();
        var tensors = new TensorEncoder(wire, placement ?? (_ => null));
        var graphs = new GraphEncoder(wire, tensors, new TypeEncoder(wire));

        wire.WriteInt64(ProtoFields.Model.IrVersion, model.IrVersion);
        wire.WriteOptionalString(ProtoFields.Model.ProducerName, model.ProducerName);
        wire.WriteOptionalString(ProtoFields.Model.ProducerVersion, model.ProducerVersion);
        wire.WriteOptionalString(ProtoFields.Model.Domain, model.Domain);
        wire.WriteInt64(ProtoFields.Model.ModelVersion, model.ModelVersion);
        wire.WriteOptionalString(ProtoFields.Model.DocString, model.DocString);
        foreach (var import in model.OpsetImports) WriteOpsetImport(wire, ProtoFields.Model.OpsetImport, import);
        foreach (var (key, value) in model.Metadata) tensors.WriteEntry(ProtoFields.Model.Metadata, key, value);
        foreach (var function in model.Functions) WriteFunction(wire, graphs, function);
        wire.WritePreserved(model.Preserved);
        graphs.WriteGraph(ProtoFields.Model.Graph, model.Graph);

        if (wire.Length > int.MaxValue) throw OnnxWriter.TooLarge(wire.Length);
        return wire;
    }

    private static void WriteOpsetImport(WireWriter wire, int field, OnnxOpsetImport import)
    {
        var start = wire.BeginMessage(field);
        wire.WriteString(ProtoFields.OpsetImport.Domain, import.Domain);
        wire.WriteInt64(ProtoFields.OpsetImport.Version, import.Version);
        wire.EndMessage(start);
    }

    private static void WriteFunction(WireWriter wire, GraphEncoder graphs, OnnxFunction function)
    {
        var start = wire.BeginMessage(ProtoFields.Model.Functions);
        wire.WriteString(ProtoFields.Function.Name, function.Name);
        foreach (var input in function.Inputs) wire.WriteString(ProtoFields.Function.Input, input);
        foreach (var output in function.Outputs) wire.WriteString(ProtoFields.Function.Output, output);
        foreach (var name in function.AttributeNames) wire.WriteString(ProtoFields.Function.Attribute, name);
        foreach (var attribute in function.AttributeDefaults) graphs.WriteAttribute(ProtoFields.Function.AttributeDefault, attribute);
        foreach (var node in function.Nodes) graphs.WriteNode(ProtoFields.Function.Node, node);
        foreach (var import in function.OpsetImports) WriteOpsetImport(wire, ProtoFields.Function.OpsetImport, import);
        wire.WriteOptionalString(ProtoFields.Function.Domain, function.Domain);
        wire.WriteOptionalString(ProtoFields.Function.Overload, function.Overload);
        wire.WritePreserved(function.Preserved);
        wire.EndMessage(start);
    }
}
