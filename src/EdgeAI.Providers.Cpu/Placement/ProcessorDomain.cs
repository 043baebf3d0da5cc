namespace EdgeAI.Providers.Cpu.Placement;

/// <summary>Cores with the same way to memory: those of a NUMA node, or all of a machine that has but one. Immutable.</summary>
/// <param name="Cores">The usable processors of each core.</param>
/// <param name="FastCores">Those of the performance cores; all where cores are alike.</param>
internal sealed record ProcessorDomain(IReadOnlyList<IReadOnlyList<int>> Cores, IReadOnlyList<IReadOnlyList<int>> FastCores)
{
    /// <summary>The domains of a machine; empty where its cores are unknown.</summary>
    public static IReadOnlyList<ProcessorDomain> Of(CpuTopology topology)
    {
        if (topology.CoreProcessors.Count == 0) return [];
        ProcessorDomain[] nodes = [.. topology.Nodes.Select(node => Create(topology, [.. topology.CoreProcessors.Where(core => node.Processors.Contains(core[0]))])).Where(domain => domain.Cores.Count > 0)];

        // Where some cores belong to no node whose memory may be used, going by nodes would leave them idle.
        return nodes.Length > 1 && nodes.Sum(node => node.Cores.Count) == topology.CoreProcessors.Count ? nodes : [Create(topology, topology.CoreProcessors)];
    }

    private static ProcessorDomain Create(CpuTopology topology, IReadOnlyList<IReadOnlyList<int>> cores)
    {
        var fast = topology.PerformanceCores is null ? cores : [.. cores.Where(core => topology.PerformanceProcessors.Contains(core[0]))];
        return new(cores, fast.Count == 0 ? cores : fast);
    }
}
