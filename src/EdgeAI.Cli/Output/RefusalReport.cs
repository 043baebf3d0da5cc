namespace EdgeAI.Cli.Output;

/// <summary>Milliseconds from a request until it was refused, by nearest rank.</summary>
internal sealed record RefusalReport(double P50, double P99);
