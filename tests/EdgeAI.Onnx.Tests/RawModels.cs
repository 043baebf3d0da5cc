namespace EdgeAI.Onnx.Tests;

/// <summary>Encodes models field by field, so that they may say what our graph model and writer would not.</summary>
internal static class RawModels
{
    /// <summary>One nested message.</summary>
    public static Action<WireWriter> Message(int field, params Action<WireWriter>[] content) => wire =>
    {
        var start = wire.BeginMessage(field);
        foreach (var part in content) part(wire);
        wire.EndMessage(start);
    };

    public static Action<WireWriter> Text(int field, string value) => wire => wire.WriteString(field, value);

    public static Action<WireWriter> Number(int field, long value) => wire => wire.WriteInt64(field, value);

    public static Action<WireWriter> Bytes(int field, params byte[] value) => wire => wire.WriteBytes(field, value);

    public static byte[] Encode(params Action<WireWriter>[] content)
    {
        var wire = new WireWriter();
        foreach (var part in content) part(wire);
        using var stream = new MemoryStream();
        wire.CopyTo(stream);
        return stream.ToArray();
    }

    /// <summary>A model around the content of its graph.</summary>
    public static byte[] Model(params Action<WireWriter>[] graph) => Encode(
        Number(ProtoFields.Model.IrVersion, 10),
        Message(ProtoFields.Model.OpsetImport, Number(ProtoFields.OpsetImport.Version, 21)),
        Message(ProtoFields.Model.Graph, [Text(ProtoFields.Graph.Name, "g"), .. graph]));

    /// <summary>A model whose only output is the initializer <c>t</c>, as floats.</summary>
    public static byte[] ModelWithTensor(params Action<WireWriter>[] tensor) => Model(
        Message(ProtoFields.Graph.Initializer, [Text(ProtoFields.Tensor.Name, "t"), .. tensor]),
        Message(ProtoFields.Graph.Node, Text(ProtoFields.Node.Input, "t"), Text(ProtoFields.Node.Output, "y"), Text(ProtoFields.Node.OpType, "Cast"),
            Message(ProtoFields.Node.Attribute, Text(ProtoFields.Attribute.Name, "to"), Number(ProtoFields.Attribute.Int, 1), Number(ProtoFields.Attribute.Type, (int)OnnxAttributeType.Int))),
        Message(ProtoFields.Graph.Output, Text(ProtoFields.ValueInfo.Name, "y")));
}
