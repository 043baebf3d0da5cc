using System.Runtime.Intrinsics;

namespace EdgeAI.Generation;

internal readonly struct Q4_1Block : IBlockFormat
{
    public static WeightFormat Format => WeightFormat.Q4_1;

    public static void Decode(ReadOnlySpan<byte> block, Span<float> destination)
    {
        var (scale, minimum) = (Codes.ReadHalf(block), Codes.ReadHalf(block[2..]));
        var bytes = Vector128.Create(block[4..]);
        Codes.Write(Codes.LowNibbles(bytes), scale, minimum, destination);
        Codes.Write(Codes.HighNibbles(bytes), scale, minimum, destination[Codes.Count..]);
    }
}
