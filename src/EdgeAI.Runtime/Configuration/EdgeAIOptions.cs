namespace EdgeAI;

/// <summary>How the engine works. Every default works without tuning. Validated at start: every error is reported at once.</summary>
public sealed class EdgeAIOptions
{
    /// <summary>Requests that may wait for one model, 1 to 1,000,000. More are rejected at once. Default: 1024.</summary>
    public int MaxQueueLength { get; set; } = 1024;

    /// <summary>Waiting time that is worth one priority level, 1 ms to 1 h: a low request that has waited twice as long goes before a new high one. Default: 1 s.</summary>
    public TimeSpan AgingPeriod { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long shutting down waits for accepted requests before it rejects them, zero to 1 h. Default: 10 s.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long shutting down then waits for runs that were asked to stop, more than zero, up to 1 h; a device that hangs longer is abandoned. Default: 5 s.</summary>
    public TimeSpan AbortTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Idle pooled memory to keep for each device memory in bytes, 0 or more. Blocks of one size get half of it, or one block. Memory that is not used for a while is freed anyway. Default: 256 MiB.</summary>
    public long MaxIdlePoolBytes { get; set; } = 256L << 20;

    /// <summary>Whether pooled memory is zeroed when it comes back, so that no data outlives its request. Default: <see langword="false"/>.</summary>
    public bool ClearOnReturn { get; set; }

    /// <summary>Predicted time that a new request may have to wait before it is rejected at once, more than zero, up to 1 h. Default: 10 s.</summary>
    public TimeSpan MaxQueueDelay { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Time that one run may take before it counts as hung, more than zero, up to 1 day. A hung run is asked to stop, and abandoned if it does not within <see cref="AbortTimeout"/>. Default: 60 s.</summary>
    public TimeSpan RunTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Hung lanes that are replaced on one device before it counts as failed for the model, 0 to 256: each keeps its session's memory. Default: 4.</summary>
    public int MaxAbandonedLanes { get; set; } = 4;

    /// <summary>
    /// How often providers are asked whether devices have come or gone, 1 s to 1 day, beginning with the first model; <see langword="null"/>: never. A model joins a device that has come, and leaves one that has gone. Default: 30 s.
    /// </summary>
    public TimeSpan? DeviceCheckPeriod { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes of host memory that weights, lanes and pooled buffers of all models may take together, more than zero; <see langword="null"/> (default): three quarters of what the machine or its container has.</summary>
    public long? MemoryBudget { get; set; }

    /// <summary>Whether models are measured while the engine is idle, to choose lanes, threads and batch sizes. Default: <see langword="true"/>.</summary>
    public bool MeasureInBackground { get; set; } = true;

    /// <summary>Where measurements are kept from one start to the next; <see langword="null"/> (default): a folder of the user's cache directory.</summary>
    public string? CacheFolder { get; set; }

    /// <summary>Whether that folder is read and written. Default: <see cref="MeasurementCache.ReadWrite"/>.</summary>
    public MeasurementCache Cache { get; set; }
}
