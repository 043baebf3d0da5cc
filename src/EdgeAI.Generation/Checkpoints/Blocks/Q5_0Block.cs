using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace EdgeAI.Generation;

internal readonly struct Q5_0Block : IBlockFormat
{
    public static WeightFormat Format => WeightFormat.Q5_0;

    public static void Decode(ReadOnlySpan<byte> block, Span<float> destination)
    {
        var scale = Codes.ReadHalf(block);
        var bits = BinaryPrimitives.ReadUInt32LittleEndian(block[2..]);
        var bytes = Vector128.Create(block[6..]);
        Codes.Write(Codes.LowNibbles(bytes) | FifthBits.Spread((ushort)bits), scale, -16 * scale, destination);
        Codes.Write(Codes.HighNibbles(bytes) | FifthBits.Spread((ushort)(bits >> 16)), scale, -16 * scale, destination[Codes.Count..]);
    }
}
