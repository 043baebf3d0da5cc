using System.Runtime.InteropServices;

namespace EdgeAI.Providers.Cpu.Probing;

/// <summary>Everything that one look at a tree tells; fixed from then on, except for the free memory.</summary>
internal sealed class CpuFacts
{
    private readonly CpuMemory _memory;

    public CpuFacts(SystemTree tree)
    {
        var groups = new ControlGroups(tree);
        var nodes = new NumaNodes(tree, groups.AllowedNodes);
        var processors = new Processors(tree, groups.AllowedProcessors);
        _memory = new CpuMemory(tree, groups, nodes);

        var topology = processors.Usable.Count > 0 ? Describe(tree, processors, nodes) : null;
        var quota = CpuQuota.Read(tree, groups);
        Info = new DeviceInfo(CpuDeviceProvider.DeviceId, CpuDeviceProvider.ProviderName, DeviceKind.Cpu, CpuName.Read(tree) ?? $"{RuntimeInformation.ProcessArchitecture} processor")
        {
            MemoryBytes = _memory.TotalBytes ?? (tree.IsLive ? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes : null),
            Parallelism = Limit(topology?.Cores ?? (tree.IsLive ? Environment.ProcessorCount : null), quota),
            NumaNode = nodes.Usable.Count == 1 ? nodes.Usable.Min : null,
            Topology = topology,
            Features = tree.IsLive ? CpuFeatures.Read(tree) : [],
        };
    }

    public DeviceInfo Info { get; }

    public long? ReadFreeMemory() => _memory.ReadFreeBytes();

    private static CpuTopology Describe(SystemTree tree, Processors processors, NumaNodes nodes)
    {
        var cores = processors.CoresOf(processors.Usable);
        var efficient = CoreKinds.FindEfficient(tree, processors) is { Count: > 0 } found ? processors.CoresOf(processors.Usable.And(found)).Count : (int?)null;
        return new CpuTopology(
            Packages: Math.Max(1, processors.CountPackages(processors.Usable.Concat(nodes.Processors))),
            NumaNodes: nodes.Count,
            Cores: cores.Count,
            PerformanceCores: cores.Count - efficient,
            EfficiencyCores: efficient,
            LogicalProcessors: processors.Usable.Count);
    }

    // A second thread of a core adds little to matrix multiplication, and half a processor of quota more only adds throttling.
    private static int? Limit(int? cores, double? quota) =>
        quota is null ? cores : (int)Math.Clamp(quota.Value, 1, cores ?? int.MaxValue);
}
