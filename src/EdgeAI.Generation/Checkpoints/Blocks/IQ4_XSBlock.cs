using System.Buffers.Binary;

namespace EdgeAI.Generation;

internal readonly struct IQ4_XSBlock : IBlockFormat
{
    public static WeightFormat Format => WeightFormat.IQ4_XS;

    public static void Decode(ReadOnlySpan<byte> block, Span<float> destination)
    {
        var scale = Codes.ReadHalf(block);
        var high = BinaryPrimitives.ReadUInt16LittleEndian(block[2..]);
        for (var group = 0; group < 8; group++)
        {
            // Six bits: a nibble, and two of the sixteen high bits.
            var groupScale = ((block[4 + (group / 2)] >> (group % 2 * 4)) & 15) | ((high >> (2 * group)) & 3) << 4;
            Levels4.Write(block.Slice(8 + (16 * group), 16), scale * (groupScale - 32), destination[(32 * group)..]);
        }
    }
}
