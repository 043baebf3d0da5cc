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

    /// <summary>When the answer would have been ready, counted from the request; <see langword="null"/> where that is not why it was refused.</summary>
    public TimeSpan? PredictedDuration { get; init; }

    /// <inheritdoc/>
    public override bool IsTransient => true;
}
