namespace EdgeAI.Providers.Cpu.Placement;

/// <summary>Cores with the same way to memory: those of a NUMA node, or all of a machine that has but one. Immutable.</summary>
/// <param name="Cores">The usable processors of each core.</param>
/// <param name="FastCores">Those of the performance cores; all where cores are alike.</param>
internal sealed record ProcessorDomain(IReadOnlyList<IReadOnlyList<int>> Cores, IReadOnlyList<IReadOnlyList<int>> FastCores)
{
    /// <summary>The domains of a machine; empty where its cores are unknown.</summary>
    public static IReadOnlyList<ProcessorDomain> Of(CpuTopology topology)
    {
        var nodes = topology.Nodes.Where(node => node.Processors.Count > 0).ToArray();
        if (nodes.Length < 2) return topology.CoreProcessors.Count == 0 ? [] : [Create(topology, topology.CoreProcessors)];
        return [.. nodes.Select(node => Create(topology, [.. topology.CoreProcessors.Where(core => node.Processors.Contains(core[0]))])).Where(domain => domain.Cores.Count > 0)];
    }

    private static ProcessorDomain Create(CpuTopology topology, IReadOnlyList<IReadOnlyList<int>> cores)
    {
        var fast = topology.PerformanceCores is null ? cores : [.. cores.Where(core => topology.PerformanceProcessors.Contains(core[0]))];
        return new(cores, fast.Count == 0 ? cores : fast);
    }
}
