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

    /// <summary>Idle pooled memory to keep for each device memory in bytes, 0 or more. Default: 256 MiB.</summary>
    public long MaxIdlePoolBytes { get; set; } = 256L << 20;

    /// <summary>Whether pooled memory is zeroed when it comes back, so that no data outlives its request. Default: <see langword="false"/>.</summary>
    public bool ClearOnReturn { get; set; }
}
