namespace EdgeAI.Generation;

/// <summary>Reads <c>rope_theta</c>, <c>rope_scaling</c> and their newer form <c>rope_parameters</c>.</summary>
internal static class RotaryReader
{
    private const double DefaultBase = 10_000;

    /// <summary>The rotary embedding, and the context that it reaches.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="headSize">Elements of a head.</param>
    /// <param name="contextLength">The context asked for; <see langword="null"/> for what the model was made for.</param>
    public static (RotaryConfig Rotary, int ContextLength) Read(ConfigReader config, int headSize, int? contextLength)
    {
        var trained = config.Int("max_position_embeddings");
        var scaling = config.OptionalObject("rope_scaling") ?? config.OptionalObject("rope_parameters");
        var rotaryBase = config.OptionalDouble("rope_theta") ?? scaling?.OptionalDouble("rope_theta") ?? DefaultBase;
        var share = config.OptionalDouble("partial_rotary_factor") ?? scaling?.OptionalDouble("partial_rotary_factor") ?? 1;
        var size = (int)(headSize * share);
        var rotary = new RotaryConfig { Base = rotaryBase, Size = size };
        if (size < 2 || size % 2 != 0 || size > headSize) config.Note($"{size} elements of a head of {headSize} would turn; expected an even number of them");
        if (scaling is null) return (rotary, contextLength ?? trained);

        var original = scaling.OptionalInt("original_max_position_embeddings") ?? config.OptionalInt("original_max_position_embeddings");
        var factor = scaling.OptionalDouble("factor");
        switch (scaling.OptionalText("rope_type") ?? scaling.OptionalText("type"))
        {
            case null or "default":
                return (rotary, contextLength ?? trained);
            case "linear":
                return (rotary with { Scaling = new RotaryScaling.Linear(factor ?? scaling.Double("factor")) }, contextLength ?? trained);
            case "dynamic":
                factor ??= scaling.Double("factor");
                return (rotary with { Scaling = new RotaryScaling.Dynamic(factor.Value, original ?? trained) }, contextLength ?? Math.Max(trained, Stretch(original ?? trained, factor.Value)));
            case "llama3":
                var llama3 = new RotaryScaling.Llama3(factor ?? scaling.Double("factor"), scaling.Double("low_freq_factor"), scaling.Double("high_freq_factor"), original ?? trained);
                return (rotary with { Scaling = llama3 }, contextLength ?? trained);
            case "yarn":
                factor ??= (double)trained / (original ?? trained);
                return (rotary with { Scaling = Yarn(scaling, factor.Value, original ?? trained) }, contextLength ?? Math.Max(trained, Stretch(original ?? trained, factor.Value)));
            case "longrope" or "su":
                return LongRope(config, scaling, rotary, original ?? trained, factor ?? (double)trained / (original ?? trained), contextLength);
            case var other:
                config.Note($"rope_scaling of type '{other}' is not supported; supported are linear, dynamic, llama3, yarn and longrope");
                return (rotary, contextLength ?? trained);
        }
    }

    private static RotaryScaling.Yarn Yarn(ConfigReader scaling, double factor, int original)
    {
        double Temperature(double weight) => factor <= 1 ? 1 : 0.1 * weight * Math.Log(factor) + 1;
        var attention = scaling.OptionalDouble("attention_factor")
            ?? (scaling.OptionalDouble("mscale") is { } weight && scaling.OptionalDouble("mscale_all_dim") is { } all ? Temperature(weight) / Temperature(all) : Temperature(1));
        return new(factor, scaling.OptionalDouble("beta_fast") ?? 32, scaling.OptionalDouble("beta_slow") ?? 1, original, attention, scaling.OptionalBool("truncate") ?? true);
    }

    /// <summary>
    /// The table serves one kind of context only, since keys stay as they were turned: short factors up to the original context, which is the default,
    /// long ones where more is asked for. (Hugging Face changes factors when a prompt is longer; that would need all keys anew.)
    /// </summary>
    private static (RotaryConfig, int) LongRope(ConfigReader config, ConfigReader scaling, RotaryConfig rotary, int original, double factor, int? contextLength)
    {
        var context = contextLength ?? original;
        var name = context > original ? "long_factor" : "short_factor";
        var factors = scaling.OptionalDoubles(name) ?? [];
        if (factors.Length != rotary.Size / 2) config.Note($"rope_scaling.{name} has {factors.Length} numbers; expected {rotary.Size / 2}");
        var attention = scaling.OptionalDouble("attention_factor") ?? (factor <= 1 ? 1 : Math.Sqrt(1 + Math.Log(factor) / Math.Log(original)));
        return (rotary with { Scaling = new RotaryScaling.LongRope(factors, attention) }, context);
    }

    private static int Stretch(int context, double factor) => (int)Math.Min(context * factor, 1 << 24);
}
