namespace EdgeAI.Generation;

/// <summary>Bounds of the engine. Immutable.</summary>
internal sealed record DecodingLimits
{
    /// <summary>Sequences that may wait.</summary>
    public int MaxQueueLength { get; init; } = 256;

    /// <summary>Tokens of a prompt in one step while others are decoded.</summary>
    public int SharedChunk { get; init; } = 32;

    /// <summary>Whether drafts may be verified.</summary>
    public bool Speculates { get; init; } = true;

    /// <summary>Whether tokens that a constraint forces may be computed together.</summary>
    public bool JumpsAhead { get; init; } = true;

    /// <summary>Bytes of rows that are kept in host memory.</summary>
    public long PrefixCacheBytes { get; init; }
}
