using System.Buffers.Binary;
using System.Text;

namespace EdgeAI.Onnx;

/// <summary>
/// Builds a protobuf message in memory, except for its large parts, which stay where they are and are streamed when the
/// message is copied out. The length in front of a nested message is put in when it ends.
/// </summary>
internal sealed class WireWriter
{
    private const int MaxVarintLength = 10;

    private readonly List<(int Position, long Length, Action<Stream> CopyTo)> _streamed = [];
    private byte[] _bytes = new byte[4096];
    private int _count;
    private long _streamedLength;

    /// <summary>The size of what was written, streamed parts included.</summary>
    public long Length => _count + _streamedLength;

    public void WriteInt64(int field, long value)
    {
        WriteTag(field, WireType.Varint);
        WriteVarint((ulong)value);
    }

    public void WriteFloat(int field, float value)
    {
        WriteTag(field, WireType.Fixed32);
        BinaryPrimitives.WriteSingleLittleEndian(Extend(sizeof(float)), value);
    }

    public void WriteString(int field, string value)
    {
        WriteTag(field, WireType.Bytes);
        var length = Encoding.UTF8.GetByteCount(value);
        WriteVarint((ulong)length);
        Encoding.UTF8.GetBytes(value, Extend(length));
    }

    /// <summary>A text that is left out where it is empty, as proto3 does with defaults.</summary>
    public void WriteOptionalString(int field, string? value)
    {
        if (!string.IsNullOrEmpty(value)) WriteString(field, value);
    }

    public void WriteBytes(int field, ReadOnlySpan<byte> value)
    {
        WriteTag(field, WireType.Bytes);
        WriteVarint((ulong)value.Length);
        value.CopyTo(Extend(value.Length));
    }

    public void WritePacked(int field, ReadOnlySpan<long> values)
    {
        if (values.IsEmpty) return;
        var start = BeginMessage(field);
        foreach (var value in values) WriteVarint((ulong)value);
        EndMessage(start);
    }

    public void WritePacked(int field, ReadOnlySpan<float> values)
    {
        if (values.IsEmpty) return;
        var start = BeginMessage(field);
        foreach (var value in values) BinaryPrimitives.WriteSingleLittleEndian(Extend(sizeof(float)), value);
        EndMessage(start);
    }

    /// <summary>Bytes that are copied from where they lie when the whole is copied out.</summary>
    public void WriteStreamed(int field, OnnxTensorData data)
    {
        WriteTag(field, WireType.Bytes);
        WriteVarint((ulong)data.Length);
        Stream(data.Length, data.CopyTo);
    }

    public void WritePreserved(PreservedFields? preserved)
    {
        if (preserved is not null) Stream(preserved.Length, preserved.CopyTo);
    }

    /// <summary>Starts a nested message.</summary>
    /// <returns>To be given to <see cref="EndMessage"/>.</returns>
    public int BeginMessage(int field)
    {
        WriteTag(field, WireType.Bytes);
        return _count;
    }

    public void EndMessage(int start)
    {
        long length = _count - start;
        var first = _streamed.Count;
        while (first > 0 && _streamed[first - 1].Position >= start) length += _streamed[--first].Length;

        Span<byte> prefix = stackalloc byte[MaxVarintLength];
        prefix = prefix[..EncodeVarint(prefix, (ulong)length)];
        Extend(prefix.Length);
        _bytes.AsSpan(start, _count - prefix.Length - start).CopyTo(_bytes.AsSpan(start + prefix.Length));
        prefix.CopyTo(_bytes.AsSpan(start));
        for (; first < _streamed.Count; first++) _streamed[first] = _streamed[first] with { Position = _streamed[first].Position + prefix.Length };
    }

    public void CopyTo(Stream destination)
    {
        var written = 0;
        foreach (var (position, length, copyTo) in _streamed)
        {
            destination.Write(_bytes, written, position - written);
            written = position;
            var counted = new CountedStream(destination, length);
            copyTo(counted);
            counted.RequireComplete();
        }

        destination.Write(_bytes, written, _count - written);
    }

    public byte[] ToArray()
    {
        if (Length > Array.MaxLength) throw OnnxWriter.TooLarge(Length);
        var bytes = new byte[Length];
        using var stream = new MemoryStream(bytes);
        CopyTo(stream);
        return bytes;
    }

    private void Stream(long length, Action<Stream> copyTo)
    {
        if (length == 0) return;
        _streamed.Add((_count, length, copyTo));
        _streamedLength += length;
    }

    private void WriteTag(int field, WireType type) => WriteVarint(((ulong)field << 3) | (ulong)type);

    private void WriteVarint(ulong value)
    {
        Span<byte> bytes = stackalloc byte[MaxVarintLength];
        var length = EncodeVarint(bytes, value);
        bytes[..length].CopyTo(Extend(length));
    }

    private static int EncodeVarint(Span<byte> destination, ulong value)
    {
        var length = 0;
        for (; value >= 0x80; value >>= 7) destination[length++] = (byte)(value | 0x80);
        destination[length++] = (byte)value;
        return length;
    }

    private Span<byte> Extend(int length)
    {
        if (length > _bytes.Length - _count)
        {
            var needed = (long)_count + length;
            if (needed > Array.MaxLength) throw OnnxWriter.TooLarge(needed);
            Array.Resize(ref _bytes, (int)long.Min(Array.MaxLength, long.Max(needed, 2L * _bytes.Length)));
        }

        _count += length;
        return _bytes.AsSpan(_count - length, length);
    }
}
