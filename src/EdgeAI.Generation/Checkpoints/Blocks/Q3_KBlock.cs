using System.Runtime.Intrinsics;

namespace EdgeAI.Generation;

internal readonly struct Q3_KBlock : IBlockFormat
{
    public static WeightFormat Format => WeightFormat.Q3_K;

    public static void Decode(ReadOnlySpan<byte> block, Span<float> destination)
    {
        var scale = Codes.ReadHalf(block[108..]);
        var packed = block.Slice(96, 12);
        for (var group = 0; group < 16; group++)
        {
            // As Q2_K; bit i of byte l of the high bits belongs to element l of the 32 values with number i.
            var (half, pair, lane) = (group / 8, group / 2 % 4, group % 2 * Codes.Count);
            var low = (Vector128.Create(block[(32 + (32 * half) + lane)..]) >>> (2 * pair)) & Vector128.Create((byte)3);
            var high = (Vector128.Create(block[lane..]) >>> (group / 2)) & Vector128.Create((byte)1);
            var code = (low | (high << 2)).AsSByte() - Vector128.Create((sbyte)4);
            Codes.Write(code, scale * (ScaleOf(packed, group) - 32), destination[(group * Codes.Count)..]);
        }
    }

    /// <summary>Low nibbles of the sixteen 6-bit scales in the first eight bytes, pairs of high bits in the last four.</summary>
    private static int ScaleOf(ReadOnlySpan<byte> packed, int group)
    {
        var low = group < 8 ? packed[group] & 15 : packed[group - 8] >> 4;
        return low | ((packed[8 + (group % 4)] >> (2 * (group / 4))) & 3) << 4;
    }
}
