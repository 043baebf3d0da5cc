using System.Runtime.Versioning;

namespace EdgeAI.Providers.Cpu.Probing.MacOS;

/// <summary>The CPU by the public functions of macOS. Temperature and power are not public there; how hard the system brakes is.</summary>
internal sealed class MacCpu : ICpuSystem
{
    // OSThermalNotification.h: nominal 0, moderate 1, heavy 2, trapping 3, sleeping 4. Moderate warns; from heavy on work is slowed down.
    private const ulong Heavy = 2;

    // Names of the kernel's flags for what the system tells beyond .NET.
    private static readonly (string Flag, string Name)[] _features =
        [("asimdhp", "FEAT_FP16"), ("asimddp", "FEAT_DotProd"), ("asimdfhm", "FEAT_FHM"), ("i8mm", "FEAT_I8MM"), ("bf16", "FEAT_BF16"), ("sme", "FEAT_SME"), ("sme2", "FEAT_SME2")];

    private readonly IMacCalls _calls;

    public MacCpu(IMacCalls calls)
    {
        _calls = calls;
        var topology = SysctlTopology.Read(calls);
        Reading = new CpuReading
        {
            Name = calls.ReadText("machdep.cpu.brand_string"),
            Topology = topology,
            MemoryBytes = calls.ReadNumber("hw.memsize"),
            Features = [.. _features.Where(feature => calls.ReadNumber($"hw.optional.arm.{feature.Name}") == 1).Select(feature => feature.Flag)],
            Facts =
            [
                .. TopologyFacts.Of(topology, "sysctl hw.perflevel*", "sysctl hw.perflevel*", "macOS has no memory nodes"),
                new("thermal pressure", calls.ReadThermalPressure() is null ? null : "notified", "com.apple.system.thermalpressurelevel"),
            ],
        };
    }

    public CpuReading Reading { get; }

    [SupportedOSPlatform("macos")]
    public static MacCpu Read() => new(new MacCalls());

    public long? ReadFreeMemory() => MemoryStatistics.FreePages(_calls.ReadMemoryStatistics()) * _calls.ReadNumber("hw.pagesize");

    public CpuState ReadState() => new() { IsThrottled = _calls.ReadThermalPressure() is { } level ? level >= Heavy : null };
}
