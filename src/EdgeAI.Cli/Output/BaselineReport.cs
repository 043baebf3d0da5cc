namespace EdgeAI.Cli.Output;

/// <summary>What plain <c>InferenceSession.Run</c> reached.</summary>
internal sealed record BaselineReport(double Throughput, LatencyReport LatencyMs);
