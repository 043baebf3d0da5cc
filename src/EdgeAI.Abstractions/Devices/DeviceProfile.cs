namespace EdgeAI;

/// <summary>What was measured on a device. Immutable.</summary>
public sealed record DeviceProfile
{
    /// <summary>Streaming read bandwidth in bytes per second over more than caches hold, the best of several repetitions and numbers of threads; <see langword="null"/> where not measured.</summary>
    public double? ReadBandwidth { get; init; }

    /// <summary>The middle repetition of those that gave <see cref="ReadBandwidth"/>, in bytes per second; <see langword="null"/> where not measured.</summary>
    public double? MedianReadBandwidth { get; init; }

    /// <summary>The number of threads that gave <see cref="ReadBandwidth"/>; <see langword="null"/> where not measured.</summary>
    public int? ReadThreads { get; init; }

    /// <summary>Read rates by how much is read, ascending; empty where not measured.</summary>
    public IReadOnlyList<ReadRate> ReadRates { get; init; } = [];

    /// <summary>Matrix multiplication rates by type and number of rows; empty where not measured.</summary>
    public IReadOnlyList<GemmRate> Gemm { get; init; } = [];

    /// <summary>Rates of other operators; empty where not measured.</summary>
    public IReadOnlyList<OperatorRate> Operators { get; init; } = [];

    /// <summary>Fixed cost of one run; <see langword="null"/> where not measured.</summary>
    public TimeSpan? RunOverhead { get; init; }

    /// <summary>Fixed cost of one graph node; <see langword="null"/> where not measured.</summary>
    public TimeSpan? NodeOverhead { get; init; }

    /// <summary>Fixed costs of nodes that cost more than a plain one; empty where not measured.</summary>
    public IReadOnlyList<NodeOverhead> NodeOverheads { get; init; } = [];

    /// <summary>Host to device copy rate in bytes per second; <see langword="null"/> where not measured or no copy is needed.</summary>
    public double? TransferBandwidth { get; init; }

    /// <summary>Fixed cost of one copy; <see langword="null"/> where not measured or no copy is needed.</summary>
    public TimeSpan? TransferOverhead { get; init; }

    /// <summary>Rate under lasting load over the rate at its start, 0 to 1; <see langword="null"/> where not measured.</summary>
    public double? SustainedRatio { get; init; }

    /// <summary>Threads of a run that the figures hold for, 1 or more; bandwidth aside.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Figures whose repetitions did not agree, by name; empty where all did.</summary>
    public IReadOnlyList<string> Unstable { get; init; } = [];

    /// <summary>Figures that could not be had and why, each as a clause; empty where there are all.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>When it was measured.</summary>
    public required DateTimeOffset MeasuredAt { get; init; }

    /// <summary>The versions it was measured with (device driver and runtime); a profile of other versions no longer counts.</summary>
    public required string Versions { get; init; }
}
