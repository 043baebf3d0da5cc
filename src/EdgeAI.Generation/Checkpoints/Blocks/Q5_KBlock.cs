using System.Runtime.Intrinsics;

namespace EdgeAI.Generation;

internal readonly struct Q5_KBlock : IBlockFormat
{
    public static WeightFormat Format => WeightFormat.Q5_K;

    public static void Decode(ReadOnlySpan<byte> block, Span<float> destination)
    {
        var (scale, minimum) = (Codes.ReadHalf(block), Codes.ReadHalf(block[2..]));
        var packed = block.Slice(4, 12);
        var fifthBits = block.Slice(16, 32);
        var codes = block[48..];
        var sixteen = Vector128.Create((byte)16);

        // As Q4_K; bit g of byte l of the fifth bits belongs to element l of group g.
        for (var pair = 0; pair < 4; pair++)
        {
            var (lowScale, lowMinimum) = GroupScales.Unpack(packed, 2 * pair);
            var (highScale, highMinimum) = GroupScales.Unpack(packed, (2 * pair) + 1);
            for (var i = 0; i < 32; i += Codes.Count)
            {
                var bytes = Vector128.Create(codes[((32 * pair) + i)..]);
                var bits = Vector128.Create(fifthBits[i..]) >>> (2 * pair);
                var values = destination[((64 * pair) + i)..];
                Codes.Write(Codes.LowNibbles(bytes) | ((bits << 4) & sixteen), scale * lowScale, -minimum * lowMinimum, values);
                Codes.Write(Codes.HighNibbles(bytes) | ((bits << 3) & sixteen), scale * highScale, -minimum * highMinimum, values[32..]);
            }
        }
    }
}
