namespace EdgeAI.Cli.Output;

/// <summary>What <c>edgeai bench</c> measured.</summary>
/// <param name="Scenario">How queries arrived.</param>
/// <param name="Concurrency">Clients; <see langword="null"/> where queries came at once or by themselves.</param>
/// <param name="Requests">Requests answered.</param>
/// <param name="Throughput">Items per second; a request is one item.</param>
/// <param name="LatencyMs">Latencies of the answered requests.</param>
/// <param name="BatchSizes">Requests by the size of the batch that they ran in.</param>
/// <param name="Devices">Requests by device.</param>
/// <param name="Plan">How the model was served.</param>
/// <param name="PlanMs">From the start until the plan was settled: loading, and measuring the model.</param>
/// <param name="Rejected">Requests refused without being run.</param>
/// <param name="Errors">Requests that failed.</param>
/// <param name="Baseline">Plain ONNX Runtime on the same inputs; <see langword="null"/> where not asked for.</param>
/// <param name="Ratio">The engine over the baseline.</param>
/// <param name="Remark">Why the figures do not compare with MLPerf's; <see langword="null"/> where length and arrivals are MLPerf's.</param>
internal sealed record BenchReport(
    string Scenario,
    int? Concurrency,
    long Requests,
    double Throughput,
    LatencyReport LatencyMs,
    IReadOnlyDictionary<int, long> BatchSizes,
    IReadOnlyDictionary<string, long> Devices,
    PlanReport Plan,
    double PlanMs,
    long Rejected,
    long Errors,
    BaselineReport? Baseline,
    RatioReport? Ratio,
    string? Remark)
{
    /// <summary>Queries answered: one request each, or all samples of a multi-stream query.</summary>
    public long Queries { get; init; }

    /// <summary>Requests of one query.</summary>
    public int Samples { get; init; } = 1;

    /// <summary>Queries offered per second; <see langword="null"/> outside the server scenario.</summary>
    public double? Rate { get; init; }

    /// <summary>How late the sender sent a query at most, in milliseconds; <see langword="null"/> outside the server scenario.</summary>
    public double? SenderLagMs { get; init; }

    /// <summary>From a request until it was refused; <see langword="null"/> where none was.</summary>
    public RefusalReport? RefusalMs { get; init; }

    /// <summary>Time that an answer might take; <see langword="null"/>: any.</summary>
    public double? DeadlineMs { get; init; }

    /// <summary>Items per second that were answered within the deadline; <see langword="null"/> without one.</summary>
    public double? Goodput { get; init; }

    /// <summary>Whether the engine had measured all it wanted before the clock started.</summary>
    public bool Settled { get; init; } = true;

    /// <summary>Whether requests may share a run, and why; <see langword="null"/> where the engine does not tell.</summary>
    public BatchingReport? Batching { get; init; }

    /// <summary>Latency over throughput; <see langword="null"/> where no plot was asked for.</summary>
    public CurveReport? Curve { get; init; }

    /// <summary>The picture of it, a full path.</summary>
    public string? Plot { get; init; }
}
