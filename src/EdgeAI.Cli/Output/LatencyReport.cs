namespace EdgeAI.Cli.Output;

/// <summary>Latencies in milliseconds, by nearest rank.</summary>
internal sealed record LatencyReport(double P50, double P90, double P95, double P99);
