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
    CpuTopology? Topology,
    DeviceStatusReport Status)
{
    /// <summary>Measurements; <see langword="null"/> before any.</summary>
    public ProfileReport? Profile { get; init; }

    public static DeviceReport From(DeviceInfo info, DeviceStatus status) => new(
        info.Id, info.Provider, info.Kind.ToString(), info.Name, info.MemoryBytes, info.Parallelism, info.Features, info.Topology, DeviceStatusReport.From(status));
}
