namespace EdgeAI;

/// <summary>Why a request was not run.</summary>
public enum RejectionReason
{
    /// <summary>Too many requests wait already.</summary>
    QueueFull,

    /// <summary>The answer cannot be ready before the deadline.</summary>
    DeadlineInfeasible,

    /// <summary>The deadline passed while the request waited.</summary>
    DeadlineExceeded,

    /// <summary>The model or the engine is shutting down.</summary>
    ShuttingDown,
}
