namespace EdgeAI.Cli.Bench;

/// <summary>What to measure.</summary>
internal sealed record BenchmarkOptions
{
    public required string ModelPath { get; init; }

    public required string Scenario { get; init; }

    /// <summary>Clients with one query under way each; <see langword="null"/>: all queries come at once.</summary>
    public required int? Clients { get; init; }

    /// <summary>How long each side is measured.</summary>
    public required TimeSpan Duration { get; init; }

    public required bool AllowBatching { get; init; }

    public required bool HasBaseline { get; init; }

    public required string? DeviceId { get; init; }

    public required int? Lanes { get; init; }

    public required int? ThreadsPerLane { get; init; }

    public required IReadOnlyList<ShapeArgument> Shapes { get; init; }

    /// <summary>Inputs by file; the others get random values.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> InputFiles { get; init; }
}
