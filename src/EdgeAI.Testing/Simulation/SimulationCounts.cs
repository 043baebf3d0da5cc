namespace EdgeAI.Testing;

/// <summary>What became of the requests of a simulation, or of one kind of them. Immutable.</summary>
public sealed class SimulationCounts
{
    private readonly LogHistogram _latencies;

    internal SimulationCounts(LogHistogram latencies) => _latencies = latencies;

    /// <summary>The kind of traffic; <c>total</c> for all of it.</summary>
    public required string Name { get; init; }

    /// <summary>Requests that were sent.</summary>
    public required long Submitted { get; init; }

    /// <summary>Requests that were answered.</summary>
    public required long Answered { get; init; }

    /// <summary>Requests that were accepted when they arrived, whatever became of them then.</summary>
    public required long Admitted { get; init; }

    /// <summary>Requests that were answered by their deadline, or that had none.</summary>
    public required long AnsweredInTime { get; init; }

    /// <summary>Requests that were accepted when they arrived and were answered too late, or refused later because their deadline was over or out of reach.</summary>
    public required long DeadlineMisses { get; init; }

    /// <summary>Requests that failed with their run.</summary>
    public required long Failed { get; init; }

    /// <summary>Requests that their callers gave up in time.</summary>
    public required long Cancelled { get; init; }

    /// <summary>Requests that were refused, by reason; reasons that did not occur are left out.</summary>
    public required IReadOnlyDictionary<RejectionReason, long> Refused { get; init; }

    /// <summary>Requests whose callers were told more than one outcome: a fault of the scheduler unless it is 0.</summary>
    public required long EndedTwice { get; init; }

    /// <summary>Requests that never ended: a fault of the scheduler unless it is 0.</summary>
    public long Lost => Submitted - Answered - Failed - Cancelled - RefusedInAll + EndedTwice;

    /// <summary>Requests that were refused for whatever reason.</summary>
    public long RefusedInAll => Refused.Values.Sum();

    /// <summary>Answers a second, while requests are sent and after warming up; 0 where all were sent at once.</summary>
    public required double Throughput { get; init; }

    /// <summary>Answers a second that met their deadline or had none, likewise.</summary>
    public required double Goodput { get; init; }

    /// <summary>Rows answered a second, likewise.</summary>
    public required double RowThroughput { get; init; }

    /// <summary>Mean time from a request's arrival to its answer; zero where none was answered after warming up.</summary>
    public TimeSpan MeanLatency => TimeSpan.FromTicks((long)Math.Round(_latencies.Mean));

    /// <summary>The time from arrival that this share of the answers did not exceed, within 1 %.</summary>
    /// <param name="share">0 to 1, such as 0.95.</param>
    public TimeSpan LatencyPercentile(double share)
    {
        if (share is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(share), share, "It must be 0 to 1.");
        return TimeSpan.FromTicks((long)_latencies.Quantile(share));
    }
}
