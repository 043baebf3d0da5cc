namespace EdgeAI.Providers.Cpu.Tests.Placement;

/// <summary>Machines to place lanes on.</summary>
internal static class TestTopologies
{
    /// <summary>Like cores on one node.</summary>
    public static CpuTopology Flat(int cores, int threadsPerCore = 1) => Create([.. Cores(0, cores, threadsPerCore)], []);

    /// <summary>Six fast cores of two threads (0 to 11), eight frugal ones (12 to 19).</summary>
    public static CpuTopology Hybrid()
    {
        var topology = Create([.. Cores(0, 6, 2), .. Cores(12, 8, 1)], []);
        return topology with { PerformanceCores = 6, EfficiencyCores = 8, PerformanceProcessors = [.. Enumerable.Range(0, 12)], EfficiencyProcessors = [.. Enumerable.Range(12, 8)] };
    }

    /// <summary>Nodes of like cores, numbered one node after the other.</summary>
    public static CpuTopology Nodes(int nodes, int coresEach, int threadsPerCore = 1)
    {
        var each = coresEach * threadsPerCore;
        return Create([.. Cores(0, nodes * coresEach, threadsPerCore)], [.. Enumerable.Range(0, nodes).Select(node => new NumaNode(node, [.. Enumerable.Range(node * each, each)], null, []))]);
    }

    private static IEnumerable<int[]> Cores(int first, int count, int threads) => Enumerable.Range(0, count).Select(core => Enumerable.Range(first + (core * threads), threads).ToArray());

    private static CpuTopology Create(IReadOnlyList<int[]> cores, IReadOnlyList<NumaNode> nodes) => new(1, Math.Max(1, nodes.Count), cores.Count, null, null, cores.Sum(core => core.Length))
    {
        ThreadsPerCore = cores.Max(core => core.Length),
        CoreProcessors = cores,
        Nodes = nodes,
    };
}
