namespace EdgeAI.Cli.Output;

/// <summary>What plain <c>InferenceSession.Run</c> reached.</summary>
internal sealed record BaselineReport(double Throughput, LatencyReport LatencyMs)
{
    /// <summary>Requests that found its queue full.</summary>
    public long Rejected { get; init; }

    public long Errors { get; init; }

    /// <summary>Items per second that were answered within the deadline; <see langword="null"/> without one.</summary>
    public double? Goodput { get; init; }
}
