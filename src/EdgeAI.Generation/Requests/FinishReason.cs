namespace EdgeAI.Generation;

/// <summary>Why an answer ended.</summary>
public enum FinishReason
{
    /// <summary>The model said so, with an end token or by completing a constraint; or no token was left, and what there is fits the constraint.</summary>
    EndToken,

    /// <summary>A stop sequence came.</summary>
    StopSequence,

    /// <summary>As many tokens as asked for, or as the context has room for.</summary>
    Length,
}
