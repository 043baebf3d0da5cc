namespace EdgeAI.Testing;

/// <summary>What a simulation showed. Immutable.</summary>
public sealed class SimulationResult
{
    internal SimulationResult()
    {
    }

    /// <summary>All requests together.</summary>
    public required SimulationCounts Total { get; init; }

    /// <summary>Each kind of traffic, in the order of <see cref="SimulationOptions.Traffic"/>.</summary>
    public required IReadOnlyList<SimulationCounts> Traffic { get; init; }

    /// <summary>Each plan, in the order of <see cref="SimulationOptions.Plans"/>.</summary>
    public required IReadOnlyList<SimulatedPlanResult> Plans { get; init; }

    /// <summary>Simulated time from the start to the last outcome.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Simulated time over which throughput is counted.</summary>
    public required TimeSpan Window { get; init; }

    /// <summary>The 95th percentile of |predicted - seen| / seen over the durations of runs, after warming up; 0 where nothing was predicted.</summary>
    public required double PredictionErrorP95 { get; init; }
}
