using System.Collections.Immutable;

namespace EdgeAI.Generation;

/// <summary>The rotary position embedding (Su et al. 2021) and how it is stretched beyond the context that a model was trained on. Immutable.</summary>
internal sealed record RotaryConfig
{
    public required double Base { get; init; }

    /// <summary>Elements of a head that turn, from the first; even.</summary>
    public required int Size { get; init; }

    public RotaryScaling Scaling { get; init; } = RotaryScaling.None;
}

/// <summary>How rotary frequencies are scaled; Hugging Face's names are in <c>modeling_rope_utils.py</c>.</summary>
internal abstract record RotaryScaling
{
    public static RotaryScaling None { get; } = new Unscaled();

    private RotaryScaling()
    {
    }

    public sealed record Unscaled : RotaryScaling;

    /// <summary>All frequencies divided by a factor (Chen et al. 2023).</summary>
    public sealed record Linear(double Factor) : RotaryScaling;

    /// <summary>The base grows with the length beyond the original context (NTK-aware).</summary>
    public sealed record Dynamic(double Factor, int OriginalContext) : RotaryScaling;

    /// <summary>Low frequencies divided, high ones kept, those between blended (Llama 3.1).</summary>
    public sealed record Llama3(double Factor, double LowFrequencyFactor, double HighFrequencyFactor, int OriginalContext) : RotaryScaling;

    /// <summary>Blended by the number of turns within the original context, with a temperature (Peng et al. 2023).</summary>
    public sealed record Yarn(double Factor, double FastTurns, double SlowTurns, int OriginalContext, double AttentionFactor, bool Truncates) : RotaryScaling;

    /// <summary>A factor for each frequency (Ding et al. 2024): those for contexts longer than the original, or those for up to that.</summary>
    public sealed record LongRope(ImmutableArray<double> Factors, double AttentionFactor) : RotaryScaling;
}
