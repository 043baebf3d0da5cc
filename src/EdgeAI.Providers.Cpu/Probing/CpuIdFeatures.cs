namespace EdgeAI.Providers.Cpu.Probing;

/// <summary>Instruction sets of an x86 processor by its identification leaves. Source: Intel, Software Developer's Manual, volume 2A, CPUID.</summary>
internal static class CpuIdFeatures
{
    private enum Register
    {
        Eax,
        Ebx,
        Ecx,
        Edx,
    }

    // Which registers the operating system must save for it: a processor has the set, but programs may not use it otherwise.
    private enum State
    {
        None,
        Ymm,
        Zmm,
        Tiles,
    }

    private static readonly (string Name, int Leaf, int SubLeaf, Register Register, int Bit, State State)[] _sets =
    [
        ("sse4_2", 1, 0, Register.Ecx, 20, State.None),
        ("fma", 1, 0, Register.Ecx, 12, State.Ymm),
        ("avx", 1, 0, Register.Ecx, 28, State.Ymm),
        ("f16c", 1, 0, Register.Ecx, 29, State.Ymm),
        ("avx2", 7, 0, Register.Ebx, 5, State.Ymm),
        ("avx512f", 7, 0, Register.Ebx, 16, State.Zmm),
        ("avx512dq", 7, 0, Register.Ebx, 17, State.Zmm),
        ("avx512bw", 7, 0, Register.Ebx, 30, State.Zmm),
        ("avx512vl", 7, 0, Register.Ebx, 31, State.Zmm),
        ("avx512vbmi", 7, 0, Register.Ecx, 1, State.Zmm),
        ("avx512_vnni", 7, 0, Register.Ecx, 11, State.Zmm),
        ("avx512_fp16", 7, 0, Register.Edx, 23, State.Zmm),
        ("amx_bf16", 7, 0, Register.Edx, 22, State.Tiles),
        ("amx_tile", 7, 0, Register.Edx, 24, State.Tiles),
        ("amx_int8", 7, 0, Register.Edx, 25, State.Tiles),
        ("avx_vnni", 7, 1, Register.Eax, 4, State.Ymm),
        ("avx512_bf16", 7, 1, Register.Eax, 5, State.Zmm),
        ("amx_fp16", 7, 1, Register.Eax, 21, State.Tiles),
        ("avx_vnni_int8", 7, 1, Register.Edx, 4, State.Ymm),
        ("avx_ne_convert", 7, 1, Register.Edx, 5, State.Ymm),
    ];

    private static readonly HashSet<string> _known = [.. _sets.Select(set => set.Name)];

    /// <summary>The sets that programs may use.</summary>
    /// <param name="cpuId">Asks the processor for a leaf and sub-leaf.</param>
    /// <param name="kernel">The kernel's own flags, which count for what these leaves do not say; <see langword="null"/> where there are none.</param>
    /// <param name="savesYmm">Whether .NET found that the system saves the 256-bit registers.</param>
    /// <param name="savesZmm">Whether .NET found that the system saves the 512-bit registers.</param>
    public static HashSet<string> Decode(Func<int, int, (int Eax, int Ebx, int Ecx, int Edx)> cpuId, HashSet<string>? kernel, bool savesYmm, bool savesZmm)
    {
        HashSet<string> present = [.. kernel?.Where(flag => !_known.Contains(flag)) ?? []];
        var last = cpuId(0, 0).Eax;
        foreach (var set in _sets)
        {
            // Leaf 7 says in EAX which sub-leaves it has; those beyond answer with another leaf's bits on some processors.
            if (set.Leaf > last || (set.SubLeaf > 0 && set.SubLeaf > cpuId(set.Leaf, 0).Eax)) continue;
            var (eax, ebx, ecx, edx) = cpuId(set.Leaf, set.SubLeaf);
            var register = set.Register switch { Register.Eax => eax, Register.Ebx => ebx, Register.Ecx => ecx, _ => edx };
            if ((register >>> set.Bit & 1) == 1 && IsSaved(set.State)) present.Add(set.Name);
        }

        return present;

        // A user can switch sets off for .NET alone; the kernel's list then still knows. Nothing but that list tells whether tiles are saved.
        bool IsSaved(State state) => state switch
        {
            State.Ymm => savesYmm || kernel?.Contains("avx") == true,
            State.Zmm => savesZmm || kernel?.Contains("avx512f") == true,
            State.Tiles => kernel?.Contains("amx_tile") ?? savesZmm,
            _ => true,
        };
    }
}
