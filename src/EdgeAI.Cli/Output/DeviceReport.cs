namespace EdgeAI.Cli.Output;

/// <summary>A device: facts, measurements and state.</summary>
internal sealed record DeviceReport(
    string Id,
    string Provider,
    string Kind,
    string Name,
    long? MemoryBytes,
    int? Parallelism,
    IReadOnlyList<string> Features,
    TopologyReport? Topology,
    DeviceStatusReport Status)
{
    /// <summary>All that the probe found out.</summary>
    public IReadOnlyList<FactReport> Facts { get; init; } = [];

    /// <summary>Measurements; <see langword="null"/> before any.</summary>
    public ProfileReport? Profile { get; init; }

    public static DeviceReport From(DeviceInfo info, DeviceStatus status) => new(
        info.Id,
        info.Provider,
        info.Kind.ToString(),
        info.Name,
        info.MemoryBytes,
        info.Parallelism,
        info.Features,
        info.Topology is { } topology ? TopologyReport.From(topology) : null,
        DeviceStatusReport.From(status))
    {
        Facts = [.. info.Facts.Select(fact => new FactReport(fact.Name, fact.Value, fact.Source))],
    };
}
