namespace EdgeAI;

/// <summary>A request was refused without being run, to keep the others fast.</summary>
public sealed class RequestRejectedException : EdgeAIException
{
    /// <summary>Creates an error.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="message">What happened and what to do.</param>
    /// <param name="retryAfter">When another try makes sense; <see langword="null"/> where unknown or never.</param>
    public RequestRejectedException(RejectionReason reason, string message, TimeSpan? retryAfter = null)
        : base(message)
    {
        Reason = reason;
        RetryAfter = retryAfter;
    }

    /// <summary>Why.</summary>
    public RejectionReason Reason { get; }

    /// <summary>When another try makes sense; <see langword="null"/> where unknown or never.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <inheritdoc/>
    public override bool IsTransient => true;
}
