using System.Runtime.Intrinsics;

namespace EdgeAI.Generation;

internal readonly struct Q4_0Block : IBlockFormat
{
    public static WeightFormat Format => WeightFormat.Q4_0;

    public static void Decode(ReadOnlySpan<byte> block, Span<float> destination)
    {
        var scale = Codes.ReadHalf(block);
        var bytes = Vector128.Create(block[2..]);
        Codes.Write(Codes.LowNibbles(bytes), scale, -8 * scale, destination);
        Codes.Write(Codes.HighNibbles(bytes), scale, -8 * scale, destination[Codes.Count..]);
    }
}
