namespace EdgeAI.Generation;

/// <summary>
/// An answer as it is made: enumerate it once for the tokens. Ending the enumeration early, or cancelling its token, frees the sequence within one step.
/// One reader; not thread-safe.
/// </summary>
public abstract class GenerationAnswer : IAsyncEnumerable<GeneratedToken>
{
    /// <summary>Why the answer ended; <see langword="null"/> while it has not, and where it was cancelled.</summary>
    public abstract FinishReason? FinishReason { get; }

    /// <summary>What it took, so far.</summary>
    public abstract GenerationUsage Usage { get; }

    /// <inheritdoc/>
    /// <exception cref="RequestRejectedException">The queue is full, the deadline cannot be met as far as the model's pace is known, or it passed before the first token.</exception>
    /// <exception cref="DeviceFaultException">The device failed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public abstract IAsyncEnumerator<GeneratedToken> GetAsyncEnumerator(CancellationToken cancellationToken = default);
}
