using System.Buffers;

namespace EdgeAI.Onnx;

/// <summary>Bytes that are read by position: a file or memory. Thread-safe.</summary>
internal abstract class ByteSource
{
    private const int ChunkLength = 128 * 1024;

    public abstract long Length { get; }

    /// <summary>Reads up to the destination's length; fewer bytes only at the end of the source.</summary>
    public abstract int Read(long offset, Span<byte> destination);

    /// <summary>The bytes without copying, where they are in memory already.</summary>
    public abstract bool TryGetMemory(long offset, long length, out ReadOnlyMemory<byte> memory);

    public void CopyTo(long offset, long length, Stream destination)
    {
        if (TryGetMemory(offset, length, out var memory))
        {
            destination.Write(memory.Span);
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent((int)long.Min(ChunkLength, length));
        try
        {
            while (length > 0)
            {
                var read = Read(offset, buffer.AsSpan(0, (int)long.Min(buffer.Length, length)));
                if (read == 0) throw new EndOfStreamException($"The file ended {length} bytes early: it was shortened after it had been opened.");
                destination.Write(buffer, 0, read);
                offset += read;
                length -= read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
