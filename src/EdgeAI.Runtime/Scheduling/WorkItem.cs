namespace EdgeAI.Scheduling;

/// <summary>A request as the scheduler sees it: who it is for and how urgent it is. All times are <see cref="Clock"/> ticks.</summary>
internal abstract class WorkItem
{
    public const long NoDeadline = long.MaxValue;

    /// <summary>Urgency class: 0 is the most urgent.</summary>
    public int Level { get; set; }

    public long EnqueuedAt { get; set; }

    public long Deadline { get; set; } = NoDeadline;

    /// <summary>Order of arrival, unique within one scheduler.</summary>
    public long Sequence { get; set; }

    /// <summary>The only device that may run it; <see langword="null"/>: any that serves the model by default.</summary>
    public string? DeviceId { get; set; }

    /// <summary>Items with the same key run one after the other, in order of arrival.</summary>
    public string? OrderKey { get; set; }

    /// <summary>The caller's wish to give the item up.</summary>
    public CancellationToken CancellationToken { get; protected set; }

    /// <summary>The expected duration of a run when the item was submitted, in ticks; <see langword="null"/> before any run.</summary>
    public long? Predicted { get; set; }

    public WorkState State { get; set; }

    /// <summary>Completes the caller as rejected, with the ticks until another try makes sense (0 where unknown). The scheduler does not touch the item again.</summary>
    public abstract void Reject(RejectionReason reason, long retryAfter);

    /// <summary>Completes the caller as cancelled. The scheduler does not touch the item again.</summary>
    public abstract void Cancel();

    // Places in the scheduler's structures: owned by them, kept here so that removal needs no search.
    internal int ReadyIndex = -1;
    internal int ExpiryIndex = -1;
    internal WorkItem? Older;
    internal WorkItem? Younger;
}
