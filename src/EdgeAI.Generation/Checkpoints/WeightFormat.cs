namespace EdgeAI.Generation;

/// <summary>How a checkpoint stores the numbers of a weight. The block formats are GGUF's: see ggml's <c>ggml-common.h</c>.</summary>
internal enum WeightFormat
{
    Float32,
    Float16,
    BFloat16,

    /// <summary>Blocks of 32: a half scale and 16 bytes, element j in the low and j + 16 in the high half of byte j; value = (q - 8) * d.</summary>
    Q4_0,

    /// <summary>As <see cref="Q4_0"/> with a half minimum after the scale; value = q * d + m.</summary>
    Q4_1,

    /// <summary>Blocks of 32: a half scale and 32 signed bytes.</summary>
    Q8_0,

    Q4_K,
    Q5_K,
    Q6_K,
}
