namespace EdgeAI.Onnx;

/// <summary>Reads a source forward through a small buffer; what is passed over is never read. Not thread-safe.</summary>
internal sealed class ByteWindow
{
    private const int BufferLength = 32 * 1024;

    private readonly ByteSource _source;
    private readonly byte[]? _buffer;
    private ReadOnlyMemory<byte> _window;
    private long _windowStart;

    public ByteWindow(ByteSource source, long offset, long length)
    {
        _source = source;
        Position = offset;
        if (source.TryGetMemory(offset, length, out _window)) _windowStart = offset;
        else _buffer = new byte[(int)long.Min(BufferLength, length)];
    }

    /// <summary>Where the next byte is read; may be moved.</summary>
    public long Position { get; set; }

    public byte ReadByte()
    {
        var index = Position - _windowStart;
        if ((ulong)index >= (ulong)_window.Length)
        {
            _windowStart = Position;
            _window = _buffer.AsMemory(0, _source.Read(Position, _buffer));
            if (_window.IsEmpty) throw Shortened();
            index = 0;
        }

        Position++;
        return _window.Span[(int)index];
    }

    /// <summary>Bytes: a slice of the source where it is memory, a copy otherwise.</summary>
    public ReadOnlyMemory<byte> ReadMemory(int length)
    {
        if (!_source.TryGetMemory(Position, length, out var memory))
        {
            var copy = new byte[length];
            if (_source.Read(Position, copy) != length) throw Shortened();
            memory = copy;
        }

        Position += length;
        return memory;
    }

    private EndOfStreamException Shortened() => new($"it was shortened while it was read, near byte {Position}; copy it to its place before loading it");
}
