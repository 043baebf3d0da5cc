using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using EdgeAI.Providers.Cpu.Probing.Linux;

namespace EdgeAI.Providers.Cpu.Probing;

/// <summary>Instruction sets that matter to inference, by the Linux kernel's flag names: asked of the processor, never guessed from its name.</summary>
internal static class CpuFeatures
{
    private static readonly string[] _relevant =
    [
        "sse4_2", "avx", "f16c", "fma", "avx2", "avx_vnni", "avx_vnni_int8", "avx_ne_convert",
        "avx512f", "avx512dq", "avx512bw", "avx512vl", "avx512vbmi", "avx512_vnni", "avx512_bf16", "avx512_fp16", "avx10_1", "avx10_2",
        "amx_tile", "amx_int8", "amx_bf16", "amx_fp16",
        "neon", "asimd", "asimdhp", "asimddp", "asimdfhm", "i8mm", "bf16", "sve", "svei8mm", "svebf16", "sve2", "sme", "sme2",
    ];

    /// <summary>Where they come from on this machine.</summary>
    public static string Source => X86Base.IsSupported ? "CPUID, /proc/cpuinfo" : "intrinsics of .NET, /proc/cpuinfo, sysctl hw.optional";

    /// <summary>Those of this machine.</summary>
    public static IReadOnlyList<string> Read(SystemTree tree)
    {
        var flags = tree.ReadField("proc/cpuinfo", "flags") ?? tree.ReadField("proc/cpuinfo", "Features");
        HashSet<string>? kernel = flags is null ? null : [.. flags.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        var present = X86Base.IsSupported
            ? CpuIdFeatures.Decode(X86Base.CpuId, kernel, Avx.IsSupported, Avx512F.IsSupported)
            : [.. FromIntrinsics(), .. kernel ?? []];
        return [.. _relevant.Where(present.Contains)];
    }

    private static IEnumerable<string> FromIntrinsics()
    {
        if (AdvSimd.IsSupported) yield return "asimd";
        if (Dp.IsSupported) yield return "asimddp";
#pragma warning disable SYSLIB5003 // The class may still change; that it tells whether the set is there will not.
        if (Sve.IsSupported) yield return "sve";
        if (Sve2.IsSupported) yield return "sve2";
#pragma warning restore SYSLIB5003
    }
}
