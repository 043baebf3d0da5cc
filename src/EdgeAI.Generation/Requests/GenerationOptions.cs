namespace EdgeAI.Generation;

/// <summary>How tokens are chosen and when an answer ends. Immutable; the defaults decode greedily.</summary>
public sealed record GenerationOptions
{
    /// <summary>The defaults.</summary>
    public static GenerationOptions Default { get; } = new();

    /// <summary>Most tokens to generate, 1 or more; <see langword="null"/> (default) for as many as the context has room for.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>Texts that end the answer, which does not contain them; also where they cross the border of tokens. Needs a tokenizer. Default: none.</summary>
    public IReadOnlyList<string> StopSequences { get; init; } = [];

    /// <summary>Whether end tokens are generated like others and do not end the answer. Default: <see langword="false"/>.</summary>
    public bool IgnoreEndTokens { get; init; }

    /// <summary>Divides the logits: 0 (default) always takes the most probable token, 1 samples as the model says, more is more random. 0 to 100.</summary>
    public float Temperature { get; init; }

    /// <summary>Samples from so many most probable tokens, 1 or more; <see langword="null"/> (default) from all.</summary>
    public int? TopK { get; init; }

    /// <summary>Samples from the fewest most probable tokens whose probabilities reach this sum, over 0 to 1 (Holtzman et al. 2019). Default: 1, all.</summary>
    public float TopP { get; init; } = 1;

    /// <summary>Leaves out tokens less probable than this share of the most probable one, 0 (default) to 1 (Nguyen et al. 2024).</summary>
    public float MinP { get; init; }

    /// <summary>Divides the positive and multiplies the negative logits of tokens in the prompt and the answer (Keskar et al. 2019). Over 0; default 1, no effect.</summary>
    public float RepetitionPenalty { get; init; } = 1;

    /// <summary>Subtracted from the logits of tokens that the answer contains, -2 to 2. Default: 0.</summary>
    public float PresencePenalty { get; init; }

    /// <summary>Subtracted from a token's logit for each time that the answer contains it, -2 to 2. Default: 0.</summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>Added to the logits of tokens; negative infinity forbids one. Default: none.</summary>
    public IReadOnlyDictionary<int, float> LogitBias { get; init; } = new Dictionary<int, float>();

    /// <summary>Makes sampling repeatable: the same seed, request and model give the same tokens. Default: <see langword="null"/>, another each time.</summary>
    public long? Seed { get; init; }

    /// <summary>How many most probable tokens to report with each token, 0 to 20; <see langword="null"/> (default) reports no log probabilities at all.</summary>
    public int? TopLogProbabilities { get; init; }

    /// <summary>Whether what earlier prompts computed is used, and this one's kept. Default: <see langword="true"/>.</summary>
    public bool ReusePrefix { get; init; } = true;

    /// <summary>Whether tokens may be drafted from the text so far and verified together, where that pays. Default: <see langword="true"/>.</summary>
    public bool Speculate { get; init; } = true;
}
