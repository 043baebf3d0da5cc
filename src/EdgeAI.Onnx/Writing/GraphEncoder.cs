namespace EdgeAI.Onnx;

/// <summary>Writes graphs, nodes and attributes.</summary>
internal sealed class GraphEncoder(WireWriter wire, TensorEncoder tensors, TypeEncoder types)
{
    public void WriteGraph(int field, OnnxGraph graph)
    {
        var start = wire.BeginMessage(field);
        foreach (var node in graph.Nodes) WriteNode(ProtoFields.Graph.Node, node);
        wire.WriteOptionalString(ProtoFields.Graph.Name, graph.Name);
        foreach (var tensor in graph.Initializers) tensors.WriteTensor(ProtoFields.Graph.Initializer, tensor);
        foreach (var tensor in graph.SparseInitializers) tensors.WriteSparseTensor(ProtoFields.Graph.SparseInitializer, tensor);
        foreach (var value in graph.Inputs) types.WriteValueInfo(ProtoFields.Graph.Input, value);
        foreach (var value in graph.Outputs) types.WriteValueInfo(ProtoFields.Graph.Output, value);
        foreach (var value in graph.ValueInfos) types.WriteValueInfo(ProtoFields.Graph.ValueInfo, value);
        wire.WritePreserved(graph.Preserved);
        wire.EndMessage(start);
    }

    public void WriteNode(int field, OnnxNode node)
    {
        var start = wire.BeginMessage(field);
        foreach (var input in node.Inputs) wire.WriteString(ProtoFields.Node.Input, input);
        foreach (var output in node.Outputs) wire.WriteString(ProtoFields.Node.Output, output);
        wire.WriteOptionalString(ProtoFields.Node.Name, node.Name);
        wire.WriteString(ProtoFields.Node.OpType, node.OpType);
        foreach (var attribute in node.Attributes) WriteAttribute(ProtoFields.Node.Attribute, attribute);
        wire.WriteOptionalString(ProtoFields.Node.Domain, node.Domain);
        wire.WriteOptionalString(ProtoFields.Node.Overload, node.Overload);
        wire.WritePreserved(node.Preserved);
        wire.EndMessage(start);
    }

    public void WriteAttribute(int field, OnnxAttribute attribute)
    {
        var start = wire.BeginMessage(field);
        wire.WriteString(ProtoFields.Attribute.Name, attribute.Name);
        if (attribute.ReferenceName is null) WriteValue(attribute);
        else wire.WriteString(ProtoFields.Attribute.ReferenceName, attribute.ReferenceName);
        wire.WriteInt64(ProtoFields.Attribute.Type, (int)attribute.Type);
        wire.WritePreserved(attribute.Preserved);
        wire.EndMessage(start);
    }

    private void WriteValue(OnnxAttribute attribute)
    {
        switch (attribute.Type)
        {
            case OnnxAttributeType.Float: wire.WriteFloat(ProtoFields.Attribute.Float, attribute.AsFloat()); break;
            case OnnxAttributeType.Int: wire.WriteInt64(ProtoFields.Attribute.Int, attribute.AsInt()); break;
            case OnnxAttributeType.String: wire.WriteBytes(ProtoFields.Attribute.String, attribute.AsBytes().Span); break;
            case OnnxAttributeType.Tensor: tensors.WriteTensor(ProtoFields.Attribute.Tensor, attribute.AsTensor()); break;
            case OnnxAttributeType.Graph: WriteGraph(ProtoFields.Attribute.Graph, attribute.AsGraph()); break;
            case OnnxAttributeType.SparseTensor: tensors.WriteSparseTensor(ProtoFields.Attribute.SparseTensor, attribute.AsSparseTensor()); break;
            case OnnxAttributeType.Type: types.WriteType(ProtoFields.Attribute.TypeProto, attribute.AsType()); break;
            case OnnxAttributeType.Floats: wire.WritePacked(ProtoFields.Attribute.Floats, attribute.AsFloats().AsSpan()); break;
            case OnnxAttributeType.Ints: wire.WritePacked(ProtoFields.Attribute.Ints, attribute.AsInts().AsSpan()); break;
            case OnnxAttributeType.Strings: foreach (var text in attribute.AsByteStrings()) wire.WriteBytes(ProtoFields.Attribute.Strings, text.Span); break;
            case OnnxAttributeType.Tensors: foreach (var tensor in attribute.AsTensors()) tensors.WriteTensor(ProtoFields.Attribute.Tensors, tensor); break;
            case OnnxAttributeType.Graphs: foreach (var graph in attribute.AsGraphs()) WriteGraph(ProtoFields.Attribute.Graphs, graph); break;
            case OnnxAttributeType.SparseTensors: foreach (var tensor in attribute.AsSparseTensors()) tensors.WriteSparseTensor(ProtoFields.Attribute.SparseTensors, tensor); break;
            case OnnxAttributeType.Types: foreach (var type in attribute.AsTypes()) types.WriteType(ProtoFields.Attribute.TypeProtos, type); break;
        }
    }
}
