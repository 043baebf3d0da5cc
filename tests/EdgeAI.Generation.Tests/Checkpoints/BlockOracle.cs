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
        WeightFormat.Q2_K => (TwoBits(block[16..], i) * (block[i / 16] % 16) * HalfAt(block, 80)) - (block[i / 16] / 16 * HalfAt(block, 82)),
        WeightFormat.Q3_K => (TwoBits(block[32..], i) - (((block[i % 32] >> (i / 32)) & 1) == 1 ? 0 : 4)) * (ThreeBitScale(block[96..], i / 16) - 32) * HalfAt(block, 108),
        WeightFormat.IQ4_NL => Level(Nibble(block[2..], i)) * HalfAt(block, 0),
        WeightFormat.IQ4_XS => Level(Nibble(block[(8 + (i / 32 * 16))..], i % 32)) * (XsScale(block, i / 32) - 32) * HalfAt(block, 0),
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    // Four values that lie 32 apart share a byte.
    private static int TwoBits(ReadOnlySpan<byte> codes, int i) => (codes[(i / 128 * 32) + (i % 32)] >> (2 * (i % 128 / 32))) % 4;

    // In llama.cpp's table bytes 0 to 7 are A to H below and I to P above, and bytes 8 to 11 MIEA, NJFB, OKGC and PLHD from the top, two bits each.
    private static int ThreeBitScale(ReadOnlySpan<byte> packed, int group)
    {
        var low = group < 8 ? packed[group] % 16 : packed[group - 8] / 16;
        return low + (16 * ((packed[8 + "AEIMBFJNCGKODHLP".IndexOf((char)('A' + group)) / 4] >> (2 * ("AEIMBFJNCGKODHLP".IndexOf((char)('A' + group)) % 4))) % 4));
    }

    private static int Level(int code) => new[] { -127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113 }[code];

    private static int XsScale(ReadOnlySpan<byte> block, int group)
    {
        var nibble = group % 2 == 0 ? block[4 + (group / 2)] % 16 : block[4 + (group / 2)] / 16;
        return nibble + (16 * ((block[2 + (group / 4)] >> (2 * (group % 4))) % 4));
    }

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
