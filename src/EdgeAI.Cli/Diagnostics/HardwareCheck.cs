using System.Globalization;
using System.Runtime.InteropServices;
using EdgeAI.Cli.Output;
using EdgeAI.Cli.Rendering;
using EdgeAI.Providers.Cpu;

namespace EdgeAI.Cli.Diagnostics;

/// <summary>The CPU: its instruction sets, and how many of its cores and how much memory this process may use.</summary>
internal static class HardwareCheck
{
    // A runtime with a small model takes about this much.
    private const long MinMemoryBytes = 256L << 20;

    public static IReadOnlyList<CheckReport> Run() => Judge(CpuProbe.Read("/"), RuntimeInformation.ProcessArchitecture, Environment.ProcessorCount);

    internal static IReadOnlyList<CheckReport> Judge(DeviceInfo cpu, Architecture architecture, int processors) =>
        [JudgeFeatures(cpu, architecture), JudgeCores(cpu, processors), JudgeMemory(cpu)];

    private static CheckReport JudgeFeatures(DeviceInfo cpu, Architecture architecture)
    {
        var found = $"{cpu.Name}: {(cpu.Features.Count == 0 ? "instruction sets unknown" : string.Join(' ', cpu.Features))}";
        return architecture is Architecture.X64 or Architecture.X86 && cpu.Features.Count > 0 && !cpu.Features.Contains("avx2")
            ? new CheckReport("cpu-features", false, $"{found}; without AVX2 models run several times slower", "use a CPU with AVX2; in a virtual machine, let it pass the host's CPU features through")
            : new CheckReport("cpu-features", true, found);
    }

    private static CheckReport JudgeCores(DeviceInfo cpu, int processors)
    {
        var threads = cpu.Parallelism ?? processors;
        var cores = cpu.Topology is { } topology ? string.Create(CultureInfo.InvariantCulture, $"{topology.Cores} cores with {topology.LogicalProcessors} logical processors are usable") : $"{processors} logical processors are usable";
        var limit = threads < cpu.Topology?.Cores ? $", limited to {threads} by the container's quota" : "";
        return new CheckReport("cores", true, $"{cores}{limit}; models get {threads} threads");
    }

    private static CheckReport JudgeMemory(DeviceInfo cpu)
    {
        if (cpu.MemoryBytes is not { } bytes) return new CheckReport("memory", true, "the amount of memory is unknown");
        return bytes >= MinMemoryBytes
            ? new CheckReport("memory", true, $"{Quantities.Bytes(bytes)} are usable, container limits applied")
            : new CheckReport("memory", false, $"{Quantities.Bytes(bytes)} are usable, container limits applied; small models need {Quantities.Bytes(MinMemoryBytes)}", "raise the container's memory limit");
    }
}
