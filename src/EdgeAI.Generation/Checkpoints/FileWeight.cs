using System.Buffers;
using System.Runtime.InteropServices;
using EdgeAI.Onnx;

namespace EdgeAI.Generation;

/// <summary>A weight in a file, read by position. Its range was checked to lie within the file.</summary>
internal sealed class FileWeight(string name, long[] lengths, WeightFormat format, FileSource file, long offset) : Weight
{
    private const int ChunkBytes = 256 * 1024;

    public override string Name => name;

    public override ReadOnlySpan<long> Lengths => lengths;

    public override WeightFormat Format => format;

    private long RowBytes => format.ByteLength(Columns);

    public override void ReadRows(long firstRow, Span<float> destination)
    {
        WeightRange.RowsOf(this, firstRow, destination.Length, Columns);
        var position = offset + (firstRow * RowBytes);
        if (format == WeightFormat.Float32)
        {
            ReadBytes(position, MemoryMarshal.AsBytes(destination));
            return;
        }

        var (blockLength, blockBytes) = (format.BlockLength(), format.BlockBytes());
        var chunkBlocks = ChunkBytes / blockBytes;
        var buffer = ArrayPool<byte>.Shared.Rent((int)long.Min((long)chunkBlocks * blockBytes, format.ByteLength(destination.Length)));
        try
        {
            while (!destination.IsEmpty)
            {
                var blocks = int.Min(chunkBlocks, destination.Length / blockLength);
                var bytes = buffer.AsSpan(0, blocks * blockBytes);
                ReadBytes(position, bytes);
                WeightDecoding.Decode(format, bytes, destination[..(blocks * blockLength)]);
                position += bytes.Length;
                destination = destination[(blocks * blockLength)..];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public override void ReadRaw(long firstRow, Span<byte> destination)
    {
        WeightRange.RowsOf(this, firstRow, destination.Length, RowBytes);
        ReadBytes(offset + (firstRow * RowBytes), destination);
    }

    private void ReadBytes(long position, Span<byte> destination)
    {
        var read = file.Read(position, destination);
        if (read < destination.Length) throw new EndOfStreamException($"The file of '{name}' ended {destination.Length - read} bytes early: it was shortened after it had been opened.");
    }
}
