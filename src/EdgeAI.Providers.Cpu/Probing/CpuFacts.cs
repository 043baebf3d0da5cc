using System.Runtime.InteropServices;
using EdgeAI.Providers.Cpu.Probing.Linux;
using EdgeAI.Providers.Cpu.Probing.MacOS;
using EdgeAI.Providers.Cpu.Probing.Windows;

namespace EdgeAI.Providers.Cpu.Probing;

/// <summary>The CPU as a device, from what its system tells and, for this machine, from what .NET knows by itself.</summary>
internal sealed class CpuFacts
{
    private readonly ICpuSystem _system;

    public CpuFacts(SystemTree tree, TimeProvider? time = null)
        : this(Choose(tree, time ?? TimeProvider.System), tree.IsLive, tree.IsLive ? CpuFeatures.Read(tree) : [])
    {
    }

    internal CpuFacts(ICpuSystem system, bool isLive, IReadOnlyList<string> features)
    {
        _system = system;
        IsLive = isLive;
        var reading = system.Reading;
        string[] all = [.. features.Union(reading.Features)];
        Info = new DeviceInfo(CpuDeviceProvider.DeviceId, CpuDeviceProvider.ProviderName, DeviceKind.Cpu, reading.Name ?? $"{RuntimeInformation.ProcessArchitecture} processor")
        {
            MemoryBytes = reading.MemoryBytes ?? (isLive ? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes : null),
            Parallelism = Limit(reading.Topology?.Cores ?? (isLive ? Environment.ProcessorCount : null), reading.Quota),
            NumaNode = reading.Topology?.Nodes is [var only] ? only.Id : null,
            Topology = reading.Topology,
            LastLevelCacheBytes = LastLevel(reading.Topology?.Caches),
            Features = all,
            Facts = all.Length == 0 ? reading.Facts : [.. reading.Facts, new DeviceFact("instruction sets", string.Join(' ', all), CpuFeatures.Source)],
        };
    }

    public DeviceInfo Info { get; }

    /// <summary>Whether they are this machine's.</summary>
    public bool IsLive { get; }

    public long? ReadFreeMemory() => _system.ReadFreeMemory();

    public CpuState ReadState() => _system.ReadState();

    // A tree below another root is that of a Linux machine, wherever it is read.
    private static ICpuSystem Choose(SystemTree tree, TimeProvider time) =>
        !tree.IsLive ? new LinuxCpu(tree, time)
        : OperatingSystem.IsWindows() ? WindowsCpu.Read()
        : OperatingSystem.IsMacOS() ? MacCpu.Read()
        : new LinuxCpu(tree, time);

    /// <summary>All caches of the last level together; <see langword="null"/> where none is known.</summary>
    private static long? LastLevel(IReadOnlyList<CpuCache>? caches)
    {
        if (caches is null || caches.Count == 0) return null;
        var last = caches.Max(cache => cache.Level);
        return caches.Where(cache => cache.Level == last && cache.Kind != CpuCacheKind.Instruction).Sum(cache => cache.SizeBytes * cache.Instances.Count);
    }

    // A second thread of a core adds little to matrix multiplication, and half a processor of quota more only adds throttling.
    private static int? Limit(int? cores, double? quota) =>
        quota is null ? cores : (int)Math.Clamp(quota.Value, 1, cores ?? int.MaxValue);
}
