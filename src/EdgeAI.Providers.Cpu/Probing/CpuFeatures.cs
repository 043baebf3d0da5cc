using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace EdgeAI.Providers.Cpu.Probing;

/// <summary>Instruction sets that matter to inference, by the Linux kernel's flag names.</summary>
internal static class CpuFeatures
{
    private static readonly string[] _relevant =
    [
        "sse4_2", "avx", "f16c", "fma", "avx2", "avx_vnni", "avx_vnni_int8", "avx_ne_convert",
        "avx512f", "avx512dq", "avx512bw", "avx512vl", "avx512vbmi", "avx512_vnni", "avx512_bf16", "avx512_fp16", "avx10_1", "avx10_2",
        "amx_tile", "amx_int8", "amx_bf16", "amx_fp16",
        "neon", "asimd", "asimdhp", "asimddp", "asimdfhm", "i8mm", "bf16", "sve", "svei8mm", "svebf16", "sve2", "sme", "sme2",
    ];

    /// <summary>The kernel's own list where there is one, since it knows more sets than .NET; the intrinsics elsewhere.</summary>
    public static IReadOnlyList<string> Read(SystemTree tree)
    {
        var flags = tree.ReadField("proc/cpuinfo", "flags") ?? tree.ReadField("proc/cpuinfo", "Features");
        if (flags is null) return [.. FromIntrinsics()];
        HashSet<string> present = [.. flags.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        return [.. _relevant.Where(present.Contains)];
    }

    private static IEnumerable<string> FromIntrinsics()
    {
        if (Sse42.IsSupported) yield return "sse4_2";
        if (Avx.IsSupported) yield return "avx";
        if (Fma.IsSupported) yield return "fma";
        if (Avx2.IsSupported) yield return "avx2";
        if (AvxVnni.IsSupported) yield return "avx_vnni";
        if (Avx512F.IsSupported) yield return "avx512f";
        if (Avx512DQ.IsSupported) yield return "avx512dq";
        if (Avx512BW.IsSupported) yield return "avx512bw";
        if (Avx512F.VL.IsSupported) yield return "avx512vl";
        if (Avx512Vbmi.IsSupported) yield return "avx512vbmi";
        if (Avx512F.IsSupported && X86Base.IsSupported && HasAvx512Vnni()) yield return "avx512_vnni";
        if (AdvSimd.IsSupported) yield return "asimd";
        if (Dp.IsSupported) yield return "asimddp";
    }

    // CPUID leaf 7, ECX bit 11 (Intel SDM volume 2A); that the system saves the registers follows from AVX-512F.
    private static bool HasAvx512Vnni() => (X86Base.CpuId(7, 0).Ecx & (1 << 11)) != 0;
}
