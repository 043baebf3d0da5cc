using System.Buffers.Binary;

namespace EdgeAI.Onnx;

/// <summary>
/// Reads protobuf's wire format from a file or memory through a small window. Every length is checked against the bytes that are
/// really there before anything is allocated, nesting is bounded, and what is skipped is never read.
/// </summary>
internal sealed class WireReader
{
    private const int MaxVarintLength = 10;

    private readonly OnnxReaderOptions _options;
    private readonly string _modelId;
    private readonly ByteWindow _bytes;
    private readonly TextPool _texts = new();
    private readonly Stack<(string Label, int Index)> _path = new();
    private long _end;
    private long _fieldStart;
    private WireType _wireType;
    private int _field;
    private long _entries;

    public WireReader(ByteSource source, string modelId, OnnxReaderOptions options)
        : this(source, 0, source.Length, modelId, options)
    {
    }

    public WireReader(ByteSource source, long offset, long length, string modelId, OnnxReaderOptions options)
    {
        Source = source;
        _bytes = new ByteWindow(source, offset, length);
        _end = offset + length;
        _modelId = modelId;
        _options = options;
    }

    public ByteSource Source { get; }

    /// <summary>Where the next byte is read.</summary>
    public long Position => _bytes.Position;

    /// <summary>Whether the message or packed field is read to its end.</summary>
    public bool AtEnd => Position == _end;

    /// <summary>Whether the last tag announced bytes: for a field of numbers, that they are packed.</summary>
    public bool IsPacked => _wireType == WireType.Bytes;

    /// <summary>The message that is being read, such as <c>graph.node 12.attribute 0</c>.</summary>
    public string Path => _path.Count == 0 ? "the model" : string.Join('.', _path.Reverse().Select(part => part.Index < 0 ? part.Label : $"{part.Label} {part.Index}"));

    /// <summary>The next field's number; 0 at the end of the message.</summary>
    public int ReadTag()
    {
        if (Position == _end) return 0;
        _fieldStart = Position;
        var tag = ReadVarint();
        if (tag > uint.MaxValue || tag >> 3 == 0) throw Error($"field tag {tag} is not valid");
        _field = (int)(tag >> 3);
        _wireType = (WireType)(tag & 7);
        return _field;
    }

    /// <summary>Descends into the message that the last tag announced.</summary>
    /// <param name="label">Its role, for messages.</param>
    /// <param name="index">Its position among its kind; -1 where there is one only.</param>
    /// <returns>To be given to <see cref="Leave"/>.</returns>
    public long Enter(string label, int index = -1)
    {
        var length = ReadLength();
        Count();
        if (_path.Count >= _options.MaxNesting) throw Error($"messages are nested deeper than {_options.MaxNesting}");
        _path.Push((label, index));
        var outer = _end;
        _end = Position + length;
        return outer;
    }

    public void Leave(long outerEnd)
    {
        _path.Pop();
        _end = outerEnd;
    }

    public long ReadInt64()
    {
        Expect(WireType.Varint);
        return (long)ReadVarint();
    }

    /// <summary>As protobuf does, keeps the low 32 bits.</summary>
    public int ReadInt32() => unchecked((int)ReadInt64());

    public float ReadFloat()
    {
        Expect(WireType.Fixed32);
        return ReadPackedFloat();
    }

    /// <summary>A repeated integer field: one element, or all of them packed.</summary>
    public void ReadInt64s(ICollection<long> destination)
    {
        if (!IsPacked)
        {
            destination.Add(ReadInt64());
            return;
        }

        var outer = EnterPacked();
        while (!AtEnd) destination.Add((long)ReadVarint());
        LeavePacked(outer);
    }

    /// <summary>A repeated float field: one element, or all of them packed.</summary>
    public void ReadFloats(ICollection<float> destination)
    {
        if (!IsPacked)
        {
            destination.Add(ReadFloat());
            return;
        }

        var outer = EnterPacked();
        while (!AtEnd) destination.Add(ReadPackedFloat());
        LeavePacked(outer);
    }

    /// <summary>A text.</summary>
    public string ReadString() => _texts.Decode(ReadBytes().Span) ?? throw Error($"field {_field} is not valid UTF-8 text");

    /// <summary>Bytes; a slice of the model's memory, or a copy where the model is a file.</summary>
    public ReadOnlyMemory<byte> ReadBytes()
    {
        var length = ReadLength();
        Count();
        return length <= Array.MaxLength ? _bytes.ReadMemory((int)length) : throw Refusal($"a text or attribute of {length} bytes is longer than 2 GB");
    }

    /// <summary>Passes over the bytes of the field without reading them.</summary>
    public (long Offset, long Length) SkipBytes() => Skip(ReadLength());

    /// <summary>Passes over a number of fixed width.</summary>
    public (long Offset, long Length) SkipFixed(int width)
    {
        Expect(width == sizeof(float) ? WireType.Fixed32 : WireType.Fixed64);
        CheckRemaining(width);
        return Skip(width);
    }

    /// <summary>Passes over a field of any type.</summary>
    /// <returns>Where the field lies, its tag included.</returns>
    public (long Offset, long Length) SkipField()
    {
        switch (_wireType)
        {
            case WireType.Varint: ReadVarint(); break;
            case WireType.Fixed64: SkipFixed(sizeof(ulong)); break;
            case WireType.Fixed32: SkipFixed(sizeof(uint)); break;
            case WireType.Bytes: SkipBytes(); break;
            default: throw Error($"field {_field} has wire type {(int)_wireType}, which ONNX never uses");
        }

        return (_fieldStart, Position - _fieldStart);
    }

    /// <summary>Keeps a field that the graph model does not interpret.</summary>
    public PreservedFields Preserve(PreservedFields? earlier)
    {
        var preserved = earlier ?? new PreservedFields(Source);
        preserved.Add(SkipField());
        return preserved;
    }

    /// <summary>Refuses a second message in a field that holds one: protobuf would merge the two, so a reader that takes either is misled.</summary>
    public void RequireFirst(object? earlier)
    {
        if (earlier is not null) throw Error($"field {_field} occurs twice");
    }

    /// <summary>Counts the elements of a repeated varint field, without keeping them.</summary>
    public long CountVarints()
    {
        if (!IsPacked)
        {
            ReadInt64();
            return 1;
        }

        var outer = EnterPacked();
        long count = 0;
        for (; !AtEnd; count++) ReadVarint();
        LeavePacked(outer);
        return count;
    }

    /// <summary>Counts the elements of a repeated field of fixed width, without reading them.</summary>
    public long CountFixed(int width)
    {
        if (!IsPacked)
        {
            SkipFixed(width);
            return 1;
        }

        var (_, length) = SkipBytes();
        if (length % width != 0) throw Error($"a packed list of {width}-byte numbers has {length} bytes");
        return length / width;
    }

    /// <summary>Narrows reading to the elements of a packed field.</summary>
    public long EnterPacked()
    {
        var length = ReadLength();
        var outer = _end;
        _end = Position + length;
        return outer;
    }

    public void LeavePacked(long outerEnd) => _end = outerEnd;

    /// <summary>A number without its tag, as inside a packed field.</summary>
    public ulong ReadVarint()
    {
        ulong value = 0;
        for (var index = 0; index < MaxVarintLength; index++)
        {
            if (AtEnd) throw Error("a number is cut off");
            var b = _bytes.ReadByte();
            if (index == MaxVarintLength - 1 && b > 1) break;
            value |= (ulong)(b & 0x7F) << (7 * index);
            if (b < 0x80) return value;
        }

        throw Error($"a number takes more than {MaxVarintLength} bytes or 64 bits");
    }

    /// <summary>An error about the encoding.</summary>
    public ModelLoadException Error(string what) =>
        new($"{what} (at byte {_fieldStart}, in {Path}). The file is damaged or is not an ONNX model; export or download it again.", _modelId);

    /// <summary>An error about what the model says, where its encoding is sound.</summary>
    public ModelLoadException Refusal(string what) => new($"{what} (at byte {_fieldStart}, in {Path}).", _modelId);

    private void Count()
    {
        if (++_entries > _options.MaxEntries) throw Refusal($"the model has more than {_options.MaxEntries} messages and strings; raise OnnxReaderOptions.MaxEntries if it is trusted");
    }

    private void Expect(WireType expected)
    {
        if (_wireType != expected) throw Error($"field {_field} has wire type {_wireType} where {expected} was expected");
    }

    private float ReadPackedFloat()
    {
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        CheckRemaining(bytes.Length);
        foreach (ref var b in bytes) b = _bytes.ReadByte();
        return BinaryPrimitives.ReadSingleLittleEndian(bytes);
    }

    private long ReadLength()
    {
        Expect(WireType.Bytes);
        var length = ReadVarint();
        if (length > (ulong)(_end - Position)) throw Error($"field {_field} declares {length} bytes where {_end - Position} remain");
        return (long)length;
    }

    private void CheckRemaining(int count)
    {
        if (count > _end - Position) throw Error($"field {_field} needs {count} bytes where {_end - Position} remain");
    }

    private (long Offset, long Length) Skip(long length)
    {
        _bytes.Position += length;
        return (_bytes.Position - length, length);
    }
}
