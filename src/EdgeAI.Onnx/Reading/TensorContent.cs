namespace EdgeAI.Onnx;

/// <summary>What a tensor message was seen to hold while it was read.</summary>
internal sealed class TensorContent
{
    private int _typedField;
    private long _typedCount;
    private bool _isMixed;

    public long MessageStart { get; set; }

    public long MessageLength { get; set; }

    public (long Offset, long Length) Raw { get; set; }

    public int Location { get; set; }

    public List<KeyValuePair<string, string>> External { get; } = [];

    public bool HasInlineData => Raw.Length > 0 || _typedCount > 0;

    public void AddTyped(int field, long count)
    {
        if (count == 0) return;
        _isMixed |= _typedField != 0 && _typedField != field;
        _typedField = field;
        _typedCount += count;
    }

    /// <summary>Why the data does not fit the shape; <see langword="null"/> where it does.</summary>
    public string? FindProblem(TensorElementType elementType, nint elementCount)
    {
        if (_isMixed || (Raw.Length > 0 && _typedCount > 0)) return "has data in two fields";
        if (Raw.Length > 0)
        {
            if (elementType == TensorElementType.String) return "has raw data, which strings cannot have";
            var bytes = (long)elementType.ByteLength(elementCount);
            return Raw.Length == bytes ? null : $"needs {bytes} bytes but has {Raw.Length}";
        }

        if (_typedCount == 0) return elementCount == 0 ? null : "has no data";
        var expected = FieldOf(elementType);
        if (_typedField != expected) return $"has its data in field {_typedField} where {expected} was expected";
        var entries = EntriesFor(elementType, elementCount);
        return _typedCount == entries || IsDenselyPacked(elementType, elementCount) ? null : $"needs {entries} entries of data but has {_typedCount}";
    }

    public OnnxTensorData Data(ByteSource source, TensorElementType elementType, nint elementCount)
    {
        var length = (long)elementType.ByteLength(elementCount);
        if (_typedCount == 0) return new RangeData(source, Raw.Offset, length);
        var entryWidth = IsDenselyPacked(elementType, elementCount) ? sizeof(int) : int.Max(1, elementType.BitWidth() / 8);
        return new TypedData(source, MessageStart, MessageLength, _typedField, entryWidth, length);
    }

    public IEnumerable<ReadOnlyMemory<byte>> Strings(ByteSource source) => new FieldStrings(source, MessageStart, MessageLength);

    private static int FieldOf(TensorElementType type) => type switch
    {
        TensorElementType.Float32 or TensorElementType.Complex64 => ProtoFields.Tensor.FloatData,
        TensorElementType.Float64 or TensorElementType.Complex128 => ProtoFields.Tensor.DoubleData,
        TensorElementType.Int64 => ProtoFields.Tensor.Int64Data,
        TensorElementType.UInt32 or TensorElementType.UInt64 => ProtoFields.Tensor.UInt64Data,
        TensorElementType.String => ProtoFields.Tensor.StringData,
        _ => ProtoFields.Tensor.Int32Data,
    };

    private static long EntriesFor(TensorElementType type, nint elementCount) => type switch
    {
        TensorElementType.Complex64 or TensorElementType.Complex128 => 2 * (long)elementCount,
        TensorElementType.String => elementCount,
        _ when type.IsPacked() => (long)type.ByteLength(elementCount),
        _ => elementCount,
    };

    // onnx.proto can be read as one packed byte an entry, as ONNX's Python package writes, or as four: both occur.
    private bool IsDenselyPacked(TensorElementType type, nint elementCount) =>
        type.IsPacked() && _typedCount != (long)type.ByteLength(elementCount) && _typedCount == ((long)type.ByteLength(elementCount) + 3) / 4;
}
