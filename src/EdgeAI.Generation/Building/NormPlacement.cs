namespace EdgeAI.Generation;

/// <summary>Where a layer normalises.</summary>
internal enum NormPlacement
{
    /// <summary>Before attention and before the feed-forward part, as in Llama.</summary>
    Before,

    /// <summary>Before and after each of them, the latter ahead of the residual sum, as in Gemma 2.</summary>
    BeforeAndAfter,
}
