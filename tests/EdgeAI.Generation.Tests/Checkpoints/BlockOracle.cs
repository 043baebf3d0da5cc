using System.Buffers.Binary;

namespace EdgeAI.Generation.Tests;

/// <summary>What a block's elements are, one by one and in double precision, straight from the formats' definition in ggml's <c>ggml-common.h</c>.</summary>
internal static class BlockOracle
{
    public static double Value(WeightFormat format, ReadOnlySpan<byte> block, int i) => format switch
    {
        WeightFormat.Q4_0 => (Nibble(block[2..], i) - 8) * HalfAt(block, 0),
        WeightFormat.Q4_1 => (Nibble(block[4..], i) * HalfAt(block, 0)) + HalfAt(block, 2),
        WeightFormat.Q5_0 => (Nibble(block[6..], i) + (16 * Bit(block[2..], i)) - 16) * HalfAt(block, 0),
        WeightFormat.Q5_1 => ((Nibble(block[8..], i) + (16 * Bit(block[4..], i))) * HalfAt(block, 0)) + HalfAt(block, 2),
        WeightFormat.Q8_0 => (sbyte)block[2 + i] * HalfAt(block, 0),
        WeightFormat.Q4_K => GroupValue(block, i, NibbleOfGroup(block[16..], i)),
        WeightFormat.Q5_K => GroupValue(block, i, NibbleOfGroup(block[48..], i) + (16 * ((block[16 + (i % 32)] >> (i / 32)) & 1))),
        WeightFormat.Q6_K => Q6_K(block, i),
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    private static double Q6_K(ReadOnlySpan<byte> block, int i)
    {
        var (half, quarter, lane) = (i / 128, i % 128 / 32, i % 32);
        var both = block[(64 * half) + (32 * (quarter % 2)) + lane];
        var low = quarter < 2 ? both % 16 : both / 16;
        var high = (block[128 + (32 * half) + lane] >> (2 * quarter)) % 4;
        return (low + (16 * high) - 32) * (sbyte)block[192 + (i / 16)] * HalfAt(block, 208);
    }

    private static double GroupValue(ReadOnlySpan<byte> block, int i, int code)
    {
        var (bytes, group) = (block.Slice(4, 12).ToArray(), i / 32);
        var scale = group < 4 ? bytes[group] % 64 : (bytes[group + 4] % 16) + (16 * (bytes[group - 4] / 64));
        var minimum = group < 4 ? bytes[group + 4] % 64 : (bytes[group + 4] / 16) + (16 * (bytes[group] / 64));
        return (HalfAt(block, 0) * scale * code) - (HalfAt(block, 2) * minimum);
    }

    private static int NibbleOfGroup(ReadOnlySpan<byte> codes, int i)
    {
        var both = codes[(i / 64 * 32) + (i % 32)];
        return i / 32 % 2 == 0 ? both % 16 : both / 16;
    }

    private static int Nibble(ReadOnlySpan<byte> codes, int i) => i < 16 ? codes[i] % 16 : codes[i - 16] / 16;

    private static int Bit(ReadOnlySpan<byte> bits, int i) => (bits[i / 8] >> (i % 8)) & 1;

    private static double HalfAt(ReadOnlySpan<byte> block, int offset) => (double)BinaryPrimitives.ReadHalfLittleEndian(block[offset..]);
}
