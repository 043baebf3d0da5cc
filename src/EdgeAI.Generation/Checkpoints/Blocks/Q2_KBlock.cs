using System.Runtime.Intrinsics;

namespace EdgeAI.Generation;

internal readonly struct Q2_KBlock : IBlockFormat
{
    public static WeightFormat Format => WeightFormat.Q2_K;

    public static void Decode(ReadOnlySpan<byte> block, Span<float> destination)
    {
        var (scale, minimum) = (Codes.ReadHalf(block[80..]), Codes.ReadHalf(block[82..]));
        for (var group = 0; group < 16; group++)
        {
            // 32 bytes hold a half of 128 values: each byte four that lie 32 apart, from the low bits up.
            var (half, pair) = (group / 8, group / 2 % 4);
            var bytes = Vector128.Create(block[(16 + (32 * half) + (group % 2 * Codes.Count))..]);
            Codes.Write((bytes >>> (2 * pair)) & Vector128.Create((byte)3), scale * (block[group] & 15), -minimum * (block[group] >> 4), destination[(group * Codes.Count)..]);
        }
    }
}
