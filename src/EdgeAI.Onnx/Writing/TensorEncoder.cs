using System.Globalization;

namespace EdgeAI.Onnx;

/// <summary>Writes tensors. All data but strings is written raw, whatever field it was read from.</summary>
/// <param name="wire">Receives them.</param>
/// <param name="placement">Where in which file the data of a tensor lies; <see langword="null"/> for data that is written with the tensor.</param>
internal sealed class TensorEncoder(WireWriter wire, Func<OnnxTensor, (string Location, long Offset)?> placement)
{
    public void WriteTensor(int field, OnnxTensor tensor)
    {
        var start = wire.BeginMessage(field);
        WriteLengths(ProtoFields.Tensor.Lengths, tensor.Lengths);
        wire.WriteInt64(ProtoFields.Tensor.ElementType, (int)tensor.ElementType);
        wire.WriteOptionalString(ProtoFields.Tensor.Name, tensor.Name);
        WriteData(tensor);
        wire.WritePreserved(tensor.Preserved);
        wire.EndMessage(start);
    }

    public void WriteSparseTensor(int field, OnnxSparseTensor sparse)
    {
        var start = wire.BeginMessage(field);
        WriteTensor(ProtoFields.SparseTensor.Values, sparse.Values);
        if (sparse.Indices is { } indices) WriteTensor(ProtoFields.SparseTensor.Indices, indices);
        WriteLengths(ProtoFields.SparseTensor.Lengths, sparse.Lengths);
        wire.WritePreserved(sparse.Preserved);
        wire.EndMessage(start);
    }

    public void WriteEntry(int field, string key, string value)
    {
        var start = wire.BeginMessage(field);
        wire.WriteString(ProtoFields.Entry.Key, key);
        wire.WriteString(ProtoFields.Entry.Value, value);
        wire.EndMessage(start);
    }

    private void WriteData(OnnxTensor tensor)
    {
        if (tensor.StringBytes is { } strings)
        {
            foreach (var text in strings) wire.WriteBytes(ProtoFields.Tensor.StringData, text.Span);
        }
        else if (placement(tensor) is var (location, offset))
        {
            WriteEntry(ProtoFields.Tensor.ExternalData, "location", location);
            WriteEntry(ProtoFields.Tensor.ExternalData, "offset", offset.ToString(CultureInfo.InvariantCulture));
            WriteEntry(ProtoFields.Tensor.ExternalData, "length", tensor.Data.Length.ToString(CultureInfo.InvariantCulture));
            wire.WriteInt64(ProtoFields.Tensor.DataLocation, 1);
        }
        else
        {
            wire.WriteStreamed(ProtoFields.Tensor.RawData, tensor.Data);
        }
    }

    private void WriteLengths(int field, ReadOnlySpan<nint> lengths)
    {
        Span<long> values = lengths.Length <= 16 ? stackalloc long[lengths.Length] : new long[lengths.Length];
        for (var axis = 0; axis < lengths.Length; axis++) values[axis] = lengths[axis];
        wire.WritePacked(field, values);
    }
}
