using System.Globalization;

namespace EdgeAI.Onnx;

/// <summary>
/// Reads tensors: their shape, and where their data lies. The data itself is not read, only counted, and must be exactly as long
/// as the shape needs, since native code takes the shape's word for it.
/// </summary>
internal sealed class TensorParser(WireReader wire, ExternalFiles externalFiles, OnnxReaderOptions options)
{
    public OnnxTensor ReadTensor(string label, int index = -1)
    {
        var name = "";
        var elementType = 0;
        var lengths = new List<long>();
        var content = new TensorContent();
        PreservedFields? preserved = null;

        var outer = wire.Enter(label, index);
        content.MessageStart = wire.Position;
        for (int field; (field = wire.ReadTag()) != 0;)
        {
            switch (field)
            {
                case ProtoFields.Tensor.Name: name = wire.ReadString(); break;
                case ProtoFields.Tensor.ElementType: elementType = wire.ReadInt32(); break;
                case ProtoFields.Tensor.Lengths: wire.ReadInt64s(lengths); break;
                case ProtoFields.Tensor.RawData: content.Raw = wire.SkipBytes(); break;
                case ProtoFields.Tensor.FloatData: content.AddTyped(field, wire.CountFixed(sizeof(float))); break;
                case ProtoFields.Tensor.DoubleData: content.AddTyped(field, wire.CountFixed(sizeof(double))); break;
                case ProtoFields.Tensor.Int32Data or ProtoFields.Tensor.Int64Data or ProtoFields.Tensor.UInt64Data:
                    content.AddTyped(field, wire.CountVarints());
                    break;
                case ProtoFields.Tensor.StringData:
                    wire.SkipBytes();
                    content.AddTyped(field, 1);
                    break;
                case ProtoFields.Tensor.ExternalData: content.External.Add(ReadEntry("external_data", content.External.Count)); break;
                case ProtoFields.Tensor.DataLocation: content.Location = wire.ReadInt32(); break;
                case ProtoFields.Tensor.Segment: throw wire.Refusal("the tensor is split into segments, which no runtime supports; export the model again without them");
                default: preserved = wire.Preserve(preserved); break;
            }
        }

        content.MessageLength = wire.Position - content.MessageStart;
        wire.Leave(outer);
        return Build(name, elementType, lengths, content, preserved);
    }

    public OnnxSparseTensor ReadSparseTensor(string label, int index = -1)
    {
        OnnxTensor? values = null, indices = null;
        var lengths = new List<long>();
        PreservedFields? preserved = null;
        var outer = wire.Enter(label, index);
        for (int field; (field = wire.ReadTag()) != 0;)
        {
            switch (field)
            {
                case ProtoFields.SparseTensor.Values:
                    wire.RequireFirst(values);
                    values = ReadTensor("values");
                    break;
                case ProtoFields.SparseTensor.Indices:
                    wire.RequireFirst(indices);
                    indices = ReadTensor("indices");
                    break;
                case ProtoFields.SparseTensor.Lengths: wire.ReadInt64s(lengths); break;
                default: preserved = wire.Preserve(preserved); break;
            }
        }

        wire.Leave(outer);
        if (values is null) throw wire.Refusal("a sparse tensor has no values");
        var sparse = new OnnxSparseTensor(values, indices, CheckedLengths(values.Name, lengths)) { Preserved = preserved };
        if (SparseTensorCheck.FindProblem(sparse) is { } problem) throw wire.Refusal($"sparse tensor '{sparse.Name}' {problem}");
        return sparse;
    }

    public KeyValuePair<string, string> ReadEntry(string label, int index)
    {
        var (key, value) = ("", "");
        var outer = wire.Enter(label, index);
        for (int field; (field = wire.ReadTag()) != 0;)
        {
            switch (field)
            {
                case ProtoFields.Entry.Key: key = wire.ReadString(); break;
                case ProtoFields.Entry.Value: value = wire.ReadString(); break;
                default: wire.SkipField(); break;
            }
        }

        wire.Leave(outer);
        return new(key, value);
    }

    private OnnxTensor Build(string name, int type, List<long> declared, TensorContent content, PreservedFields? preserved)
    {
        var elementType = (TensorElementType)type;
        if (elementType == TensorElementType.Undefined || !Enum.IsDefined(elementType))
        {
            throw wire.Refusal($"tensor '{name}' has element type {type}, which is not known; the model is damaged or needs a newer version of this library");
        }

        var lengths = CheckedLengths(name, declared);
        TensorShape.TryGetElementCount(lengths, out var elementCount);
        var description = $"tensor '{name}', {elementType.ToName()}{TensorShape.Format(lengths)},";
        if (content.Location is not (0 or 1)) throw wire.Refusal($"{description} has data location {content.Location}; 0 (in the model) and 1 (external) are known");

        if (content.Location == 1)
        {
            if (content.HasInlineData) throw wire.Refusal($"{description} has both external and inline data; export the model again");
            if (elementType == TensorElementType.String) throw wire.Refusal($"{description} has external data, which strings cannot have; export the model again");
            var external = ReadExternal(name, (long)elementType.ByteLength(elementCount), content.External);
            return new OnnxTensor(name, elementType, lengths, external) { Preserved = preserved };
        }

        if (content.FindProblem(elementType, elementCount) is { } problem) throw wire.Refusal($"{description} {problem}; the model is damaged, export or download it again");
        return elementType == TensorElementType.String
            ? new OnnxTensor(name, elementType, lengths, data: null, content.Strings(wire.Source)) { Preserved = preserved }
            : new OnnxTensor(name, elementType, lengths, content.Data(wire.Source, elementType, elementCount)) { Preserved = preserved };
    }

    private nint[] CheckedLengths(string name, List<long> declared)
    {
        if (declared.Count > options.MaxRank) throw wire.Refusal($"tensor '{name}' has {declared.Count} axes; at most {options.MaxRank} are allowed (OnnxReaderOptions.MaxRank)");
        var lengths = new nint[declared.Count];
        for (var axis = 0; axis < lengths.Length; axis++)
        {
            if (declared[axis] < 0) throw wire.Refusal($"tensor '{name}' has a length of {declared[axis]} on axis {axis}; lengths are 0 or more");
            if (declared[axis] > nint.MaxValue) throw TooLarge(name);
            lengths[axis] = (nint)declared[axis];
        }

        // 128-bit elements are the widest: what passes here can be counted in bytes without overflow.
        if (!TensorShape.TryGetElementCount(lengths, out var count) || count > nint.MaxValue / 16) throw TooLarge(name);
        return lengths;
    }

    private ModelLoadException TooLarge(string name) => wire.Refusal($"tensor '{name}' has lengths whose product overflows; the model is damaged, export or download it again");

    private OnnxExternalData ReadExternal(string name, long needed, List<KeyValuePair<string, string>> entries)
    {
        string? location = null, checksum = null;
        long? offset = null, length = null;
        foreach (var (key, value) in entries)
        {
            switch (key)
            {
                case "location" when location is null: location = value; break;
                case "offset" when offset is null: offset = ReadNumber(name, key, value); break;
                case "length" when length is null: length = ReadNumber(name, key, value); break;
                case "checksum" when checksum is null: checksum = value; break;
                case "location" or "offset" or "length" or "checksum": throw wire.Refusal($"tensor '{name}' has external data with two entries '{key}'; export the model again");
                default: throw wire.Refusal($"tensor '{name}' has external data with an unknown entry '{key}'; known are location, offset, length and checksum; export the model again");
            }
        }

        if (string.IsNullOrEmpty(location)) throw wire.Refusal($"tensor '{name}' has external data without a location; export the model again");
        if (length is not null && length != needed) throw wire.Refusal($"tensor '{name}' needs {needed} bytes but its external data declares {length}; export the model again");
        var file = externalFiles.Open(location, name);
        var start = offset ?? 0;
        if (start > file.Length || needed > file.Length - start)
        {
            throw wire.Refusal($"tensor '{name}' needs bytes {start} to {start + needed} of '{location}', which has {file.Length}; the file is incomplete, download it again");
        }

        return new OnnxExternalData(file.Source, location, start, needed, checksum);
    }

    private long ReadNumber(string name, string key, string value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw wire.Refusal($"tensor '{name}' has external data with {key} '{value}'; expected a number of bytes, 0 or more");
}
