namespace EdgeAI.Cli.Output;

/// <summary>What <c>edgeai bench</c> measured.</summary>
/// <param name="Scenario">How queries arrived.</param>
/// <param name="Concurrency">Clients; <see langword="null"/> where all queries came at once.</param>
/// <param name="Requests">Requests answered.</param>
/// <param name="Throughput">Items per second; a request is one item.</param>
/// <param name="LatencyMs">Latencies of the answered requests.</param>
/// <param name="BatchSizes">Requests by the size of the batch that they ran in.</param>
/// <param name="Devices">Requests by device.</param>
/// <param name="Plan">How the model was served.</param>
/// <param name="PlanMs">From the start until the plan was settled: loading and warming up.</param>
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
    string? Remark);
