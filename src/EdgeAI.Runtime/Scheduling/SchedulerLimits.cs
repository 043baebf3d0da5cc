namespace EdgeAI.Scheduling;

/// <summary>The bounds of one scheduler. Times are ticks.</summary>
internal sealed record SchedulerLimits
{
    /// <summary>Items that may wait.</summary>
    public required int MaxQueueLength { get; init; }

    /// <summary>Predicted time that an item may have to wait.</summary>
    public long MaxQueueDelay { get; init; } = TimeSpan.FromSeconds(10).Ticks;

    /// <summary>Waiting that is worth one priority level.</summary>
    public required long AgingPeriod { get; init; }

    /// <summary>How long an item may be kept waiting for others to share its run.</summary>
    public long MaxBatchWait { get; init; } = TimeSpan.FromMilliseconds(4).Ticks;

    /// <summary>Time that a run may take before it is asked to stop.</summary>
    public long RunTimeout { get; init; } = TimeSpan.FromSeconds(60).Ticks;

    /// <summary>Time that it then has to stop before its lane is given up.</summary>
    public long AbortTimeout { get; init; } = TimeSpan.FromSeconds(5).Ticks;
}
