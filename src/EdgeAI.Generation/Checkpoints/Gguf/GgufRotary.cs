using System.Text.Json.Nodes;

namespace EdgeAI.Generation;

/// <summary>How a GGUF file scales rotary embedding, as Hugging Face's <c>rope_scaling</c>.</summary>
internal sealed class GgufRotary(GgufMetadata metadata, GgufArchitecture architecture, IReadOnlyList<FileWeight> tensors, string modelId)
{
    // What Llama 3.1, 3.2 and 3.3 were all published with; files hold only the factors that follow.
    private const double LlamaLowFrequencyFactor = 1;
    private const double LlamaHighFrequencyFactor = 4;
    private const int LlamaOriginalContext = 8192;
    private const int MaxFactors = 4096;

    /// <summary>The scaling; <see langword="null"/> for none.</summary>
    /// <param name="theta">The rotary base.</param>
    /// <param name="contextLength">Tokens that the model was made for.</param>
    public JsonObject? ToScaling(double theta, int contextLength)
    {
        if (FindFactors(GgufTensors.RotaryFactors) is { } factors) return FromFactors(factors, theta);
        if (FindFactors(GgufTensors.LongRotaryFactors) is { } longFactors) return FromLongRope(longFactors, contextLength);

        var factor = metadata.FindNumber(Key("factor")) ?? metadata.FindNumber($"{architecture.Name}.rope.scale_linear");
        var type = metadata.FindText(Key("type")) ?? (factor is null or 1 ? "none" : "linear");
        return type switch
        {
            "none" => null,
            "linear" => Scaling("linear", factor ?? throw Bad($"lacks the metadata '{Key("factor")}'")),
            "yarn" => FromYarn(factor ?? throw Bad($"lacks the metadata '{Key("factor")}'")),
            _ => throw Bad($"scales rotary embedding by '{Shown.Name(type)}'; supported are linear, yarn and tables of factors"),
        };
    }

    private JsonObject FromYarn(double factor)
    {
        var scaling = Scaling("yarn", factor);
        if (metadata.FindCount(Key("original_context_length")) is { } original) scaling["original_max_position_embeddings"] = original;
        if (metadata.FindNumber(Key("attn_factor")) is { } attention) scaling["attention_factor"] = attention;
        if (metadata.FindNumber(Key("yarn_beta_fast")) is { } fast) scaling["beta_fast"] = fast;
        if (metadata.FindNumber(Key("yarn_beta_slow")) is { } slow) scaling["beta_slow"] = slow;
        return scaling;
    }

    private JsonObject FromLongRope(float[] longFactors, int contextLength)
    {
        var shortFactors = FindFactors(GgufTensors.ShortRotaryFactors) ?? throw Bad($"has {GgufTensors.LongRotaryFactors} but lacks {GgufTensors.ShortRotaryFactors}");
        var original = metadata.RequireCount(Key("original_context_length"));
        var scaling = Scaling("longrope", original == 0 ? throw Bad($"has 0 for '{Key("original_context_length")}'") : (double)contextLength / original);
        scaling["original_max_position_embeddings"] = original;
        scaling["long_factor"] = ToArray(longFactors);
        scaling["short_factor"] = ToArray(shortFactors);
        if (metadata.FindNumber(Key("attn_factor")) is { } attention) scaling["attention_factor"] = attention;
        return scaling;
    }

    /// <summary>Llama 3's own terms where the factors follow from them; else the same factors for short and long contexts.</summary>
    private static JsonObject FromFactors(float[] factors, double theta)
    {
        var largest = (double)factors[^1];
        if (Enumerable.Range(0, factors.Length).All(i => Math.Abs(factors[i] - LlamaFactor(largest, theta, i, factors.Length)) <= 1e-3 * largest))
        {
            var llama = Scaling("llama3", largest);
            llama["low_freq_factor"] = LlamaLowFrequencyFactor;
            llama["high_freq_factor"] = LlamaHighFrequencyFactor;
            llama["original_max_position_embeddings"] = LlamaOriginalContext;
            return llama;
        }

        var scaling = Scaling("longrope", 1);
        scaling["long_factor"] = ToArray(factors);
        scaling["short_factor"] = ToArray(factors);
        scaling["attention_factor"] = 1.0;
        return scaling;
    }

    /// <summary>By how much Llama 3.1 slows pair i of n: not at all for short wavelengths, by the whole factor for long ones, and smoothly between.</summary>
    private static double LlamaFactor(double factor, double theta, int i, int n)
    {
        var wavelength = 2 * Math.PI * Math.Pow(theta, (double)i / n);
        if (wavelength < LlamaOriginalContext / LlamaHighFrequencyFactor) return 1;
        if (wavelength > LlamaOriginalContext / LlamaLowFrequencyFactor) return factor;
        var smooth = ((LlamaOriginalContext / wavelength) - LlamaLowFrequencyFactor) / (LlamaHighFrequencyFactor - LlamaLowFrequencyFactor);
        return 1 / (((1 - smooth) / factor) + smooth);
    }

    private float[]? FindFactors(string name)
    {
        if (tensors.FirstOrDefault(tensor => tensor.Name == name) is not { } tensor) return null;
        var count = tensor.Rows * tensor.Columns;
        if (tensor.Rows != 1 || count > MaxFactors) throw Bad($"has {name} of shape {Shown.Lengths(tensor.Lengths)}, which is not one factor for each pair");
        var factors = new float[count];
        tensor.ReadRows(0, factors);
        return Array.TrueForAll(factors, factor => factor > 0 && float.IsFinite(factor)) ? factors : throw Bad($"has {name} with a factor that is not a number over 0");
    }

    private string Key(string name) => $"{architecture.Name}.rope.scaling.{name}";

    // Both names of the field, for older and newer readers.
    private static JsonObject Scaling(string type, double factor) => new() { ["rope_type"] = type, ["type"] = type, ["factor"] = factor };

    private static JsonArray ToArray(float[] values) => new([.. values.Select(value => JsonValue.Create(value))]);

    private ModelLoadException Bad(string what) => new($"the GGUF file {what}.", modelId);
}
