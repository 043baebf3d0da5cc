using System.Globalization;

namespace EdgeAI.Providers.Cpu.Probing;

/// <summary>A topology in words, for people.</summary>
internal static class TopologyFacts
{
    /// <param name="topology">What was found; <see langword="null"/> where nothing was.</param>
    /// <param name="source">Where cores and packages come from.</param>
    /// <param name="caches">Where caches come from.</param>
    /// <param name="nodes">Where memory nodes come from.</param>
    public static IEnumerable<DeviceFact> Of(CpuTopology? topology, string source, string caches, string nodes)
    {
        yield return new("packages", Number(topology?.Packages), source);
        yield return new("cores", Number(topology?.Cores), source);
        yield return new("threads per core", Number(topology?.ThreadsPerCore), source);
        yield return new("usable processors", topology is null ? null : IndexSet.Format(topology.CoreProcessors.SelectMany(core => core).Order()), source);
        if (topology?.PerformanceCores is not null)
        {
            yield return new("performance processors", IndexSet.Format(topology.PerformanceProcessors), source);
            yield return new("efficiency processors", IndexSet.Format(topology.EfficiencyProcessors), source);
        }

        if (topology is not { Caches.Count: > 0 }) yield return new("caches", null, caches);
        foreach (var cache in topology?.Caches ?? []) yield return new($"l{cache.Level}{Letter(cache.Kind)} cache", Describe(cache), caches);
        if (topology is not { Nodes.Count: > 0 }) yield return new("numa nodes", null, nodes);
        foreach (var node in topology?.Nodes ?? []) yield return new($"numa node {node.Id}", Describe(node), nodes);
    }

    /// <summary>Such as <c>1280 KiB</c>: the largest unit that leaves no fraction.</summary>
    public static string Bytes(long bytes) =>
        bytes % (1L << 30) == 0 && bytes > 0 ? string.Create(CultureInfo.InvariantCulture, $"{bytes >> 30} GiB")
        : bytes % (1L << 20) == 0 && bytes > 0 ? string.Create(CultureInfo.InvariantCulture, $"{bytes >> 20} MiB")
        : bytes % (1L << 10) == 0 && bytes > 0 ? string.Create(CultureInfo.InvariantCulture, $"{bytes >> 10} KiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes");

    private static string Describe(CpuCache cache)
    {
        var line = cache.LineBytes is { } bytes ? string.Create(CultureInfo.InvariantCulture, $", lines of {bytes} bytes") : "";
        // Private caches need no list: there is one for each core.
        var sharing = cache.Instances.Any(instance => instance.Count > 2) ? $", shared by {string.Join("; ", cache.Instances.Select(IndexSet.Format))}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{cache.Instances.Count} x {Bytes(cache.SizeBytes)}{line}{sharing}");
    }

    private static string Describe(NumaNode node)
    {
        var processors = node.Processors.Count > 0 ? $"processors {IndexSet.Format(node.Processors)}" : "no usable processor";
        var memory = node.MemoryBytes is { } bytes ? string.Create(CultureInfo.InvariantCulture, $", {bytes / (double)(1L << 30):0.0} GiB") : "";
        return node.Distances.Count > 1 ? $"{processors}{memory}, distances {string.Join(' ', node.Distances)}" : $"{processors}{memory}";
    }

    private static string Letter(CpuCacheKind kind) => kind switch { CpuCacheKind.Data => "d", CpuCacheKind.Instruction => "i", _ => "" };

    private static string? Number(int? value) => value?.ToString(CultureInfo.InvariantCulture);
}
