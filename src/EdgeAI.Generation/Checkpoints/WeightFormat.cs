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

    /// <summary>Blocks of 32: a half scale, 32 fifth bits (bit j of element j), and 16 bytes as in <see cref="Q4_0"/>; value = (q - 16) * d.</summary>
    Q5_0,

    /// <summary>As <see cref="Q5_0"/> with a half minimum after the scale; value = q * d + m.</summary>
    Q5_1,

    /// <summary>Blocks of 32: a half scale and 32 signed bytes.</summary>
    Q8_0,

    /// <summary>Blocks of 256 in 16 groups: 16 bytes with a 4-bit scale and a 4-bit minimum each, 64 bytes of 2-bit codes, a half scale and a half minimum.</summary>
    Q2_K,

    /// <summary>Blocks of 256 in 16 groups: 32 bytes of high and 64 of low bits, 12 bytes of 6-bit scales, a half scale; value = (q - 4) * (scale - 32) * d.</summary>
    Q3_K,

    /// <summary>Blocks of 256 in 8 groups: half scale and half minimum, 12 bytes of 6-bit scales and minimums, 128 bytes of 4-bit codes.</summary>
    Q4_K,

    /// <summary>As <see cref="Q4_K"/> with 32 bytes of fifth bits before the codes.</summary>
    Q5_K,

    /// <summary>Blocks of 256 in 16 groups: 128 bytes of low and 64 of high bits, 16 signed scales, a half scale; value = (q - 32) * scale * d.</summary>
    Q6_K,

    /// <summary>As <see cref="Q4_0"/>, with codes that stand for sixteen uneven levels; value = level(q) * d.</summary>
    IQ4_NL,

    /// <summary>Blocks of 256 in 8 groups: a half scale, two high bits and a nibble of each group's scale, 128 bytes of codes as in <see cref="IQ4_NL"/>; value = level(q) * (scale - 32) * d.</summary>
    IQ4_XS,
}
