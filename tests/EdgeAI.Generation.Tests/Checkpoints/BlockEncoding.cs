using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace EdgeAI.Generation.Tests;

/// <summary>Rounds floats to the formats that tests write, by the plain rules of ggml's reference.</summary>
internal static class BlockEncoding
{
    private const int BlockLength = 32;

    public static byte[] Encode(WeightFormat format, ReadOnlySpan<float> values) => format switch
    {
        WeightFormat.Float32 => MemoryMarshal.AsBytes(values).ToArray(),
        WeightFormat.Float16 => MemoryMarshal.AsBytes<Half>([.. values.ToArray().Select(value => (Half)value)]).ToArray(),
        WeightFormat.BFloat16 => MemoryMarshal.AsBytes<ushort>([.. values.ToArray().Select(value => ((BFloat16)value).ToBits())]).ToArray(),
        WeightFormat.Q4_0 => EncodeBlocks(values, EncodeQ4_0),
        WeightFormat.Q4_1 => EncodeBlocks(values, EncodeQ4_1),
        WeightFormat.Q8_0 => EncodeBlocks(values, EncodeQ8_0),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Tests do not write this format from floats."),
    };

    private static byte[] EncodeBlocks(ReadOnlySpan<float> values, Func<float[], byte[]> encode)
    {
        Assert.AreEqual(0, values.Length % BlockLength, "rows must be whole blocks");
        return [.. values.ToArray().Chunk(BlockLength).SelectMany(encode)];
    }

    private static byte[] EncodeQ4_0(float[] block)
    {
        var scale = block.MaxBy(Math.Abs) / -8;
        return [.. HalfBytes(scale), .. Nibbles(block, value => Quotient(value, scale) + 8)];
    }

    private static byte[] EncodeQ4_1(float[] block)
    {
        var (minimum, scale) = (block.Min(), (block.Max() - block.Min()) / 15);
        return [.. HalfBytes(scale), .. HalfBytes(minimum), .. Nibbles(block, value => Quotient(value - minimum, scale))];
    }

    private static byte[] EncodeQ8_0(float[] block)
    {
        var scale = block.Max(Math.Abs) / 127;
        return [.. HalfBytes(scale), .. block.Select(value => (byte)(sbyte)Math.Round(Quotient(value, scale), MidpointRounding.AwayFromZero))];
    }

    private static double Quotient(float value, float scale) => scale == 0 ? 0 : (double)value / scale;

    private static IEnumerable<byte> Nibbles(float[] block, Func<float, double> toCode)
    {
        var codes = block.Select(value => (int)Math.Clamp(Math.Floor(toCode(value) + 0.5), 0, 15)).ToArray();
        return Enumerable.Range(0, BlockLength / 2).Select(i => (byte)(codes[i] | (codes[i + (BlockLength / 2)] << 4)));
    }

    private static byte[] HalfBytes(float value)
    {
        var bytes = new byte[2];
        BinaryPrimitives.WriteHalfLittleEndian(bytes, (Half)value);
        return bytes;
    }
}
