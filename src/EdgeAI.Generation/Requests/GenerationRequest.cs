namespace EdgeAI.Generation;

/// <summary>A prompt and how to answer it. Not thread-safe while it is set up; unchanged by generation.</summary>
public sealed class GenerationRequest
{
    /// <summary>Creates a request.</summary>
    /// <param name="promptTokens">The prompt, taken exactly: nothing is added. One token or more.</param>
    public GenerationRequest(ReadOnlyMemory<int> promptTokens)
    {
        PromptTokens = promptTokens;
    }

    /// <summary>The prompt. Must not change until the answer is complete.</summary>
    public ReadOnlyMemory<int> PromptTokens { get; }

    /// <summary>How tokens are chosen.</summary>
    public GenerationOptions Options { get; init; } = GenerationOptions.Default;

    /// <summary>
    /// Which tokens are allowed; <see langword="null"/> (default) for all. Used by this request alone. With an <see cref="ILookaheadConstraint"/>, as grammars make them, the answer is complete within
    /// <see cref="GenerationOptions.MaxTokens"/> and the context.
    /// </summary>
    public ITokenConstraint? Constraint { get; init; }

    /// <summary>Who comes first while all places are taken. Default: normal.</summary>
    public RequestPriority Priority { get; init; } = RequestPriority.Normal;

    /// <summary>
    /// Until when the first token must have come, counted from the call; <see langword="null"/> (default) waits as long as it takes. A request that cannot make it, by what waits before it and the
    /// measured pace of prompts, is refused at once (<see cref="RejectionReason.DeadlineInfeasible"/>), with the time after which it could where that is because of the others.
    /// </summary>
    public TimeSpan? Deadline { get; init; }
}
