using EdgeAI.Batching;

namespace EdgeAI.Scheduling;

/// <summary>A request as the scheduler sees it: who it is for, how urgent it is, and with whom it may run. All times are <see cref="Clock"/> ticks.</summary>
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

    /// <summary>The device where it has failed already; <see langword="null"/> where it has not.</summary>
    public string? AvoidDeviceId { get; set; }

    /// <summary>Items with the same key run one after the other, in order of arrival.</summary>
    public string? OrderKey { get; set; }

    /// <summary>What it costs, and with whom it may share a run.</summary>
    public ShapeGroup Shape { get; set; } = null!;

    /// <summary>Rows that it brings, 1 or more.</summary>
    public int Rows { get; set; } = 1;

    /// <summary>Whether it may share a run.</summary>
    public bool IsStackable { get; set; }

    /// <summary>The caller's wish to give the item up.</summary>
    public CancellationToken CancellationToken { get; protected set; }

    public WorkState State { get; set; }

    public bool HasDeadline => Deadline != NoDeadline;

    /// <summary>Completes the caller as rejected. The scheduler does not touch the item again.</summary>
    public abstract void Reject(in Refusal refusal);

    /// <summary>Completes the caller as cancelled. The scheduler does not touch the item again.</summary>
    public abstract void Cancel();

    /// <summary>Completes the caller of an item whose lane is lost; its tensors stay as they are, since native code may still use them.</summary>
    public abstract void Abandon(Exception reason);

    // Places in the scheduler's structures: owned by them, kept here so that removal needs no search.
    internal int ReadyIndex = -1;
    internal int MateIndex = -1;
    internal int ExpiryIndex = -1;
    internal long Share;
    internal WorkItem? Older;
    internal WorkItem? Younger;
}
