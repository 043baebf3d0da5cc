using System.Runtime.Intrinsics;

namespace EdgeAI.Generation;

internal readonly struct Q4_KBlock : IBlockFormat
{
    public static WeightFormat Format => WeightFormat.Q4_K;

    public static void Decode(ReadOnlySpan<byte> block, Span<float> destination)
    {
        var (scale, minimum) = (Codes.ReadHalf(block), Codes.ReadHalf(block[2..]));
        var packed = block.Slice(4, 12);
        var codes = block[16..];

        // 32 bytes hold two groups of 32: the low and the high nibbles.
        for (var pair = 0; pair < 4; pair++)
        {
            var (lowScale, lowMinimum) = GroupScales.Unpack(packed, 2 * pair);
            var (highScale, highMinimum) = GroupScales.Unpack(packed, (2 * pair) + 1);
            for (var i = 0; i < 32; i += Codes.Count)
            {
                var bytes = Vector128.Create(codes[((32 * pair) + i)..]);
                var values = destination[((64 * pair) + i)..];
                Codes.Write(Codes.LowNibbles(bytes), scale * lowScale, -minimum * lowMinimum, values);
                Codes.Write(Codes.HighNibbles(bytes), scale * highScale, -minimum * highMinimum, values[32..]);
            }
        }
    }
}
