namespace EdgeAI.Providers.Cpu.Probing.Linux;

/// <summary>The CPU as the trees of a Linux machine show it: this one's, or a recorded one's.</summary>
internal sealed class LinuxCpu : ICpuSystem
{
    private readonly CpuMemory _memory;
    private readonly CpuSensors _sensors;

    public LinuxCpu(SystemTree tree, TimeProvider time)
    {
        var groups = new ControlGroups(tree);
        var nodes = new NumaNodes(tree, groups.AllowedNodes);
        var processors = new Processors(tree, groups.AllowedProcessors);
        var quota = CpuQuota.Read(tree, groups);
        _memory = new CpuMemory(tree, groups, nodes);

        var topology = processors.Usable.Count > 0 ? Describe(tree, processors, nodes) : null;
        _sensors = new CpuSensors(tree, processors, topology?.PerformanceProcessors ?? [], time);
        Reading = new CpuReading
        {
            Name = CpuName.Read(tree),
            Topology = topology,
            MemoryBytes = _memory.TotalBytes,
            Quota = quota,
            Facts = [.. LinuxFacts.Of(topology, processors, groups, quota, _memory), .. _sensors.Facts],
        };
    }

    public CpuReading Reading { get; }

    public long? ReadFreeMemory() => _memory.ReadFreeBytes();

    public CpuState ReadState() => _sensors.Read();

    private static CpuTopology Describe(SystemTree tree, Processors processors, NumaNodes nodes)
    {
        var cores = processors.GroupByCore();
        var efficient = CoreKinds.FindEfficient(tree, processors) is { Count: > 0 } found ? processors.Usable.And(found) : null;
        var efficientCores = efficient is null ? (int?)null : processors.CoresOf(efficient).Count;
        return new CpuTopology(
            Packages: Math.Max(1, processors.CountPackages(processors.Usable.Concat(nodes.Processors))),
            NumaNodes: nodes.Count,
            Cores: cores.Count,
            PerformanceCores: cores.Count - efficientCores,
            EfficiencyCores: efficientCores,
            LogicalProcessors: processors.Usable.Count)
        {
            ThreadsPerCore = cores.Max(core => core.Count),
            CoreProcessors = cores,
            PerformanceProcessors = efficient is null ? [] : [.. processors.Usable.Without(efficient)],
            EfficiencyProcessors = efficient is null ? [] : [.. efficient],
            Caches = CpuCaches.Read(tree, processors),
            Nodes = nodes.Describe(processors.Usable),
        };
    }
}
