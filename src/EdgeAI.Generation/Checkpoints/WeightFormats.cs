namespace EdgeAI.Generation;

/// <summary>Sizes of the formats: rows consist of whole blocks, each of so many values in so many bytes. Plain numbers are blocks of one.</summary>
internal static class WeightFormats
{
    /// <summary>Values of a block.</summary>
    public static int BlockLength(this WeightFormat format) => format switch
    {
        WeightFormat.Float32 or WeightFormat.Float16 or WeightFormat.BFloat16 => 1,
        WeightFormat.Q4_0 or WeightFormat.Q4_1 or WeightFormat.Q5_0 or WeightFormat.Q5_1 or WeightFormat.Q8_0 or WeightFormat.IQ4_NL => 32,
        WeightFormat.Q2_K or WeightFormat.Q3_K or WeightFormat.Q4_K or WeightFormat.Q5_K or WeightFormat.Q6_K or WeightFormat.IQ4_XS => 256,
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    /// <summary>Bytes of a block.</summary>
    public static int BlockBytes(this WeightFormat format) => format switch
    {
        WeightFormat.Float32 => 4,
        WeightFormat.Float16 or WeightFormat.BFloat16 => 2,
        WeightFormat.Q4_0 => 18,
        WeightFormat.Q4_1 => 20,
        WeightFormat.Q5_0 => 22,
        WeightFormat.Q5_1 => 24,
        WeightFormat.Q8_0 => 34,
        WeightFormat.Q2_K => 84,
        WeightFormat.Q3_K => 110,
        WeightFormat.Q4_K => 144,
        WeightFormat.Q5_K => 176,
        WeightFormat.Q6_K => 210,
        WeightFormat.IQ4_NL => 18,
        WeightFormat.IQ4_XS => 136,
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    /// <summary>Bytes of so many values, which must be whole blocks.</summary>
    public static long ByteLength(this WeightFormat format, long values) => checked(values / format.BlockLength() * format.BlockBytes());
}
