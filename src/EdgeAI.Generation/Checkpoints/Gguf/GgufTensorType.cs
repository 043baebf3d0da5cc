namespace EdgeAI.Generation;

/// <summary>Types of GGUF tensors, by the number that a file has for them.</summary>
internal static class GgufTensorType
{
    private static readonly string?[] _names =
    [
        "F32", "F16", "Q4_0", "Q4_1", null, null, "Q5_0", "Q5_1", "Q8_0", "Q8_1", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "Q8_K", "IQ2_XXS", "IQ2_XS", "IQ3_XXS", "IQ1_S",
        "IQ4_NL", "IQ3_S", "IQ2_S", "IQ4_XS", "I8", "I16", "I32", "I64", "F64", "IQ1_M", "BF16", null, null, null, "TQ1_0", "TQ2_0", null, null, null, "MXFP4",
    ];

    /// <summary>The format; <see langword="null"/> for one that is not supported.</summary>
    public static WeightFormat? ToFormat(uint type) => type switch
    {
        0 => WeightFormat.Float32,
        1 => WeightFormat.Float16,
        2 => WeightFormat.Q4_0,
        3 => WeightFormat.Q4_1,
        6 => WeightFormat.Q5_0,
        7 => WeightFormat.Q5_1,
        8 => WeightFormat.Q8_0,
        10 => WeightFormat.Q2_K,
        11 => WeightFormat.Q3_K,
        12 => WeightFormat.Q4_K,
        13 => WeightFormat.Q5_K,
        14 => WeightFormat.Q6_K,
        20 => WeightFormat.IQ4_NL,
        23 => WeightFormat.IQ4_XS,
        30 => WeightFormat.BFloat16,
        _ => null,
    };

    /// <summary>What llama.cpp calls it, as far as we know.</summary>
    public static string NameOf(uint type) => type < _names.Length && _names[type] is { } name ? name : $"number {type}";
}
