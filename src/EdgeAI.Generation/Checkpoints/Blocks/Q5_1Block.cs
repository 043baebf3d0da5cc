using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace EdgeAI.Generation;

internal readonly struct Q5_1Block : IBlockFormat
{
    public static WeightFormat Format => WeightFormat.Q5_1;

    public static void Decode(ReadOnlySpan<byte> block, Span<float> destination)
    {
        var (scale, minimum) = (Codes.ReadHalf(block), Codes.ReadHalf(block[2..]));
        var bits = BinaryPrimitives.ReadUInt32LittleEndian(block[4..]);
        var bytes = Vector128.Create(block[8..]);
        Codes.Write(Codes.LowNibbles(bytes) | FifthBits.Spread((ushort)bits), scale, minimum, destination);
        Codes.Write(Codes.HighNibbles(bytes) | FifthBits.Spread((ushort)(bits >> 16)), scale, minimum, destination[Codes.Count..]);
    }
}
