using System.Globalization;
using System.Runtime.Intrinsics.X86;
using System.Runtime.Versioning;

namespace EdgeAI.Providers.Cpu.Probing.Windows;

/// <summary>The CPU by Windows' public functions. Sensors need drivers of other makers there: unknown.</summary>
internal sealed class WindowsCpu : ICpuSystem
{
    private readonly IWindowsCalls _calls;
    private readonly long? _limit;

    public WindowsCpu(IWindowsCalls calls, string? name)
    {
        _calls = calls;
        var affinity = calls.GetAffinityMask();
        var topology = ProcessorInformation.Parse(calls.GetProcessorInformation(), affinity);
        var share = JobLimits.ReadCpuShare(calls.GetJobInformation(JobLimits.CpuRateClass, JobLimits.CpuRateLength));
        var quota = share * topology?.LogicalProcessors;
        _limit = JobLimits.ReadMemoryBytes(calls.GetJobInformation(JobLimits.ExtendedClass, JobLimits.ExtendedLength));
        var total = MemoryStatus.TotalBytes(calls.GetMemoryStatus());
        const string Topology = "GetLogicalProcessorInformationEx";
        Reading = new CpuReading
        {
            Name = name,
            Topology = topology,
            MemoryBytes = total is null ? null : Math.Min(total.Value, _limit ?? long.MaxValue),
            Quota = quota,
            Facts =
            [
                .. TopologyFacts.Of(topology, Topology, Topology, Topology),
                new("affinity", affinity is > 0 and var mask ? string.Create(CultureInfo.InvariantCulture, $"0x{mask:x}") : null, "GetProcessAffinityMask"),
                new("processor quota", quota?.ToString("0.##", CultureInfo.InvariantCulture), "QueryInformationJobObject: CPU rate"),
                new("memory limit", _limit is { } limit ? TopologyFacts.Bytes(limit) : null, "QueryInformationJobObject: extended limits"),
            ],
        };
    }

    public CpuReading Reading { get; }

    [SupportedOSPlatform("windows")]
    public static WindowsCpu Read() => new(new WindowsCalls(), (X86Base.IsSupported ? CpuIdName.Read(X86Base.CpuId) : null) ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER"));

    public long? ReadFreeMemory() => MemoryStatus.FreeBytes(_calls.GetMemoryStatus()) is { } free ? Math.Min(free, _limit ?? long.MaxValue) : null;

    public CpuState ReadState() => default;
}
