namespace EdgeAI.Cli.Bench;

/// <summary>What to measure.</summary>
internal sealed record BenchmarkOptions
{
    public required string ModelPath { get; init; }

    public required string Scenario { get; init; }

    /// <summary>Clients with one query under way each; <see langword="null"/>: queries come at once, or by themselves.</summary>
    public required int? Clients { get; init; }

    /// <summary>Requests of one query.</summary>
    public int Samples { get; init; } = 1;

    /// <summary>Queries per second in the server scenario; <see langword="null"/> elsewhere, and where a curve over many rates is measured.</summary>
    public double? Rate { get; init; }

    /// <summary>Selects the arrivals of the server scenario.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Time that an answer may take; <see langword="null"/>: any.</summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>How long to wait for the engine to settle on a plan; zero: not at all.</summary>
    public TimeSpan SettleLimit { get; init; }

    /// <summary>How long each side is measured.</summary>
    public required TimeSpan Duration { get; init; }

    public required bool AllowBatching { get; init; }

    /// <summary>Rows that may share a run; <see langword="null"/>: the engine chooses.</summary>
    public int? MaxBatch { get; init; }

    public ServingGoal Goal { get; init; }

    public BatchWait BatchWait { get; init; } = BatchWait.Learned;

    /// <summary>The axes along which the model may be batched, as its user declares them.</summary>
    public IReadOnlyList<KeyValuePair<string, int>> BatchAxes { get; init; } = [];

    public required bool HasBaseline { get; init; }

    public required string? DeviceId { get; init; }

    public required int? Lanes { get; init; }

    public required int? ThreadsPerLane { get; init; }

    public required IReadOnlyList<ShapeArgument> Shapes { get; init; }

    /// <summary>Inputs by file; the others get random values.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> InputFiles { get; init; }

    /// <summary>Where to draw latency over throughput; <see langword="null"/>: nowhere.</summary>
    public string? PlotPath { get; init; }
}
