namespace EdgeAI;

/// <summary>What was measured on a device. Immutable.</summary>
public sealed record DeviceProfile
{
    /// <summary>Streaming read bandwidth in bytes per second; <see langword="null"/> where not measured.</summary>
    public double? ReadBandwidth { get; init; }

    /// <summary>Matrix multiplication rates by type and number of rows; empty where not measured.</summary>
    public IReadOnlyList<GemmRate> Gemm { get; init; } = [];

    /// <summary>Fixed cost of one run; <see langword="null"/> where not measured.</summary>
    public TimeSpan? RunOverhead { get; init; }

    /// <summary>Fixed cost of one graph node; <see langword="null"/> where not measured.</summary>
    public TimeSpan? NodeOverhead { get; init; }

    /// <summary>Host to device copy rate in bytes per second; <see langword="null"/> where not measured or no copy is needed.</summary>
    public double? TransferBandwidth { get; init; }

    /// <summary>Rate under lasting load over the rate at its start, 0 to 1; <see langword="null"/> where not measured.</summary>
    public double? SustainedRatio { get; init; }

    /// <summary>When it was measured.</summary>
    public required DateTimeOffset MeasuredAt { get; init; }

    /// <summary>The versions it was measured with (device driver and runtime); a profile of other versions no longer counts.</summary>
    public required string Versions { get; init; }
}
