using System.Runtime.Intrinsics;

namespace EdgeAI.Generation;

internal readonly struct Q8_0Block : IBlockFormat
{
    public static WeightFormat Format => WeightFormat.Q8_0;

    public static void Decode(ReadOnlySpan<byte> block, Span<float> destination)
    {
        var scale = Codes.ReadHalf(block);
        Codes.Write(Vector128.Create(block[2..]).AsSByte(), scale, destination);
        Codes.Write(Vector128.Create(block[18..]).AsSByte(), scale, destination[Codes.Count..]);
    }
}
