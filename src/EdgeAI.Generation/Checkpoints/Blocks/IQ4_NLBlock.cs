namespace EdgeAI.Generation;

internal readonly struct IQ4_NLBlock : IBlockFormat
{
    public static WeightFormat Format => WeightFormat.IQ4_NL;

    public static void Decode(ReadOnlySpan<byte> block, Span<float> destination) => Levels4.Write(block[2..], Codes.ReadHalf(block), destination);
}
