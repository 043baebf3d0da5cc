using System.Buffers.Binary;
using System.Text;
using EdgeAI.Onnx;

namespace EdgeAI.Generation;

/// <summary>Reads the head of a GGUF file from front to back. Nothing is allocated for bytes that are not there.</summary>
internal sealed class GgufCursor(FileSource file, string modelId)
{
    // The longest known heads are vocabularies of some 20 MB.
    private const long MaxHeadBytes = 512L << 20;
    private const int MaxStringBytes = 16 << 20;

    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly long _limit = long.Min(file.Length, MaxHeadBytes);
    private long _bufferStart;
    private int _bufferLength;

    public long Position { get; private set; }

    public byte ReadByte() => Take(1)[0];

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public string ReadString()
    {
        var length = ReadUInt64();
        if (length > MaxStringBytes) throw Bad($"has a text of {length} bytes; at most {MaxStringBytes} are read");
        Require((long)length);
        if ((int)length <= _buffer.Length) return Encoding.UTF8.GetString(Take((int)length));

        var bytes = new byte[length];
        if (file.Read(Position, bytes) < bytes.Length) throw Bad("was shortened while it was read");
        Position += bytes.Length;
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Makes sure that a number of elements can follow before anything is allocated for them.</summary>
    /// <returns>The count, as a length.</returns>
    public int RequireElements(ulong count, int bytesEach)
    {
        if (count > (ulong)(_limit - Position) / (ulong)bytesEach) throw Bad($"announces {count} elements at byte {Position}, more than the {_limit - Position} bytes that follow can hold");
        return (int)count;
    }

    public ModelLoadException Bad(string what) => new($"the GGUF file {what}.", modelId);

    private void Require(long bytes)
    {
        if (bytes <= _limit - Position) return;
        throw Bad(_limit < file.Length
            ? $"has a head of more than {MaxHeadBytes} bytes"
            : $"ends at byte {file.Length}, within its head; its download was cut off");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        Require(count);
        if (Position < _bufferStart || Position + count > _bufferStart + _bufferLength)
        {
            _bufferStart = Position;
            _bufferLength = file.Read(Position, _buffer.AsSpan(0, (int)long.Min(_buffer.Length, _limit - Position)));
            if (_bufferLength < count) throw Bad("was shortened while it was read");
        }

        var taken = _buffer.AsSpan((int)(Position - _bufferStart), count);
        Position += count;
        return taken;
    }
}
