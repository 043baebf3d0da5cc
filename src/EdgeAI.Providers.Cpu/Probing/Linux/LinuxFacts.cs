using System.Globalization;

namespace EdgeAI.Providers.Cpu.Probing.Linux;

/// <summary>What the trees of a Linux machine tell, in words, for people.</summary>
internal static class LinuxFacts
{
    public static IEnumerable<DeviceFact> Of(CpuTopology? topology, Processors processors, ControlGroups groups, double? quota, CpuMemory memory)
    {
        foreach (var fact in TopologyFacts.Of(topology, $"/{Processors.Folder}/cpu*/topology", $"/{Processors.Folder}/cpu*/cache", "/sys/devices/system/node")) yield return fact;
        yield return new("online processors", Format(processors.Online), $"/{Processors.Folder}/online");
        yield return new("affinity", Format(processors.Affinity), "/proc/self/status: Cpus_allowed_list");
        yield return new("cpuset", Format(groups.AllowedProcessors), "control groups: cpuset.cpus");
        yield return new("cpuset memory nodes", Format(groups.AllowedNodes), "control groups: cpuset.mems");
        yield return new("processor quota", quota?.ToString("0.##", CultureInfo.InvariantCulture), "control groups: cpu.max, cpu.cfs_quota_us");
        yield return new("memory limit", memory.LimitBytes is { } limit ? TopologyFacts.Bytes(limit) : null, "control groups: memory.max, memory.limit_in_bytes");
    }

    private static string? Format(IndexSet? set) => set is { Count: > 0 } ? set.ToString() : null;
}
