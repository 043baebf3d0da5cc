namespace EdgeAI.Cli.Output;

/// <summary>What plain <c>InferenceSession.Run</c> reached.</summary>
internal sealed record BaselineReport(double Throughput, LatencyReport LatencyMs)
{
    /// <summary>Requests that found its queue full.</summary>
    public long Rejected { get; init; }

    /// <summary>Requests that failed.</summary>
    public long Errors { get; init; }

    /// <summary>How late the sender sent a query at most, in milliseconds; <see langword="null"/> outside the server scenario.</summary>
    public double? SenderLagMs { get; init; }

    /// <summary>Items per second that were answered within the deadline; <see langword="null"/> without one.</summary>
    public double? Goodput { get; init; }
}
