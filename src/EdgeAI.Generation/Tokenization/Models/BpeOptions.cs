namespace EdgeAI.Generation;

/// <summary>How byte-pair encoding treats the edges of words and what the vocabulary lacks.</summary>
internal sealed record BpeOptions
{
    /// <summary>Stands for characters that the vocabulary lacks; without it they are left out.</summary>
    public string? UnknownToken { get; init; }

    /// <summary>Whether unknown neighbours become one token.</summary>
    public bool FusesUnknown { get; init; }

    /// <summary>Whether characters that the vocabulary lacks become tokens of their UTF-8 bytes.</summary>
    public bool FallsBackToBytes { get; init; }

    /// <summary>Whether a part that is a token is taken whole, merges or not.</summary>
    public bool IgnoresMerges { get; init; }

    /// <summary>Set before all but the first character of a part.</summary>
    public string ContinuingPrefix { get; init; } = "";

    /// <summary>Set after the last character of a part.</summary>
    public string EndSuffix { get; init; } = "";
}
