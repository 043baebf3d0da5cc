namespace EdgeAI.Cli.Output;

/// <summary>What came of one rate of arrivals.</summary>
/// <param name="Rate">Queries offered per second.</param>
/// <param name="Throughput">Queries answered per second.</param>
/// <param name="LatencyMs">From the scheduled arrival; zero where nothing was answered.</param>
/// <param name="Rejected">Requests refused without being run.</param>
/// <param name="Errors">Requests that failed.</param>
/// <param name="SenderLagMs">How late the sender sent a query at most.</param>
internal sealed record CurvePointReport(double Rate, double Throughput, LatencyReport LatencyMs, long Rejected, long Errors, double SenderLagMs);
