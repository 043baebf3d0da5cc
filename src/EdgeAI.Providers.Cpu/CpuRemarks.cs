using System.Runtime.InteropServices;

namespace EdgeAI.Providers.Cpu;

/// <summary>What one might expect of this CPU and does not get.</summary>
internal static class CpuRemarks
{
    public static IReadOnlyList<string> Of(DeviceInfo info) => Of(info, RuntimeInformation.ProcessArchitecture);

    internal static IReadOnlyList<string> Of(DeviceInfo info, Architecture architecture) =>
        architecture is Architecture.X64 or Architecture.X86 && info.Features.Count > 0 && !info.Features.Contains("avx2")
            ? [$"{info.Name} lacks AVX2, so models run several times slower than on CPUs made since 2015; in a virtual machine, let it pass the host's CPU features through"]
            : [];
}
