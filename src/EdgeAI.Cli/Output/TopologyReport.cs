namespace EdgeAI.Cli.Output;

/// <summary>How a CPU's processors, caches and memory nodes are arranged.</summary>
internal sealed record TopologyReport(
    int Packages,
    int NumaNodes,
    int Cores,
    int? PerformanceCores,
    int? EfficiencyCores,
    int LogicalProcessors,
    int ThreadsPerCore,
    IReadOnlyList<int> PerformanceProcessors,
    IReadOnlyList<int> EfficiencyProcessors,
    IReadOnlyList<CacheReport> Caches,
    IReadOnlyList<NodeReport> Nodes)
{
    public static TopologyReport From(CpuTopology topology) => new(
        topology.Packages,
        topology.NumaNodes,
        topology.Cores,
        topology.PerformanceCores,
        topology.EfficiencyCores,
        topology.LogicalProcessors,
        topology.ThreadsPerCore,
        topology.PerformanceProcessors,
        topology.EfficiencyProcessors,
        [.. topology.Caches.Select(CacheReport.From)],
        [.. topology.Nodes.Select(node => new NodeReport(node.Id, node.Processors, node.MemoryBytes, node.Distances))]);
}
