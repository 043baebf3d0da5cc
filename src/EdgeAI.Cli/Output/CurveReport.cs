namespace EdgeAI.Cli.Output;

/// <summary>Latency over throughput, in order of the offered rate.</summary>
internal sealed record CurveReport(IReadOnlyList<CurvePointReport> Engine, IReadOnlyList<CurvePointReport>? Baseline);
