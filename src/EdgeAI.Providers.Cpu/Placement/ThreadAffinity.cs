using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace EdgeAI.Providers.Cpu.Placement;

/// <summary>Which processors the calling thread may run on. macOS has no such thing: nothing is bound there.</summary>
internal static unsafe partial class ThreadAffinity
{
    // The kernel's limit; the C library's own type ends at 1024.
    private const int MaxProcessors = 8192;
    private const int GroupSize = 64;

    /// <summary>Whether threads can be bound to these processors at all: on Windows they must be of one group.</summary>
    public static bool CanBind(IReadOnlyList<int> processors) =>
        processors.Count > 0 && processors.All(p => p is >= 0 and < MaxProcessors)
        && (OperatingSystem.IsLinux() || (OperatingSystem.IsWindows() && processors.All(p => p < GroupSize)));

    /// <summary>Binds the calling thread; <see langword="false"/> where the system does not let it, which leaves everything as it was.</summary>
    public static bool TryBind(IReadOnlyList<int> processors)
    {
        if (!CanBind(processors)) return false;
        try
        {
            return OperatingSystem.IsWindows() ? BindOnWindows(processors) : BindOnLinux(processors);
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Where the calling thread may run, ascending; <see langword="null"/> where the system does not tell. Linux only.</summary>
    public static IReadOnlyList<int>? TryRead()
    {
        if (!OperatingSystem.IsLinux()) return null;
        try
        {
            var mask = stackalloc ulong[MaxProcessors / 64];
            new Span<ulong>(mask, MaxProcessors / 64).Clear();
            if (sched_getaffinity(0, MaxProcessors / 8, mask) != 0) return null;
            List<int> processors = [];
            for (var word = 0; word < MaxProcessors / 64; word++)
            {
                for (var bits = mask[word]; bits != 0; bits &= bits - 1) processors.Add((word * 64) + BitOperations.TrailingZeroCount(bits));
            }

            return processors;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return null;
        }
    }

    private static bool BindOnLinux(IReadOnlyList<int> processors)
    {
        var mask = stackalloc ulong[MaxProcessors / 64];
        new Span<ulong>(mask, MaxProcessors / 64).Clear();
        foreach (var processor in processors) mask[processor / 64] |= 1ul << (processor % 64);

        // No process is the calling thread.
        return sched_setaffinity(0, MaxProcessors / 8, mask) == 0;
    }

    [SupportedOSPlatform("windows")]
    private static bool BindOnWindows(IReadOnlyList<int> processors)
    {
        GroupAffinity affinity = default;
        foreach (var processor in processors) affinity.Mask |= (nuint)1 << processor;
        return SetThreadGroupAffinity(GetCurrentThread(), &affinity, null) != 0;
    }

    // On musl the same functions are in the library of the same name's link.
    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int sched_setaffinity(int process, nuint byteLength, ulong* mask);

    [LibraryImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int sched_getaffinity(int process, nuint byteLength, ulong* mask);

    [LibraryImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial int SetThreadGroupAffinity(nint thread, GroupAffinity* affinity, GroupAffinity* previous);

    [LibraryImport("kernel32.dll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static partial nint GetCurrentThread();

    [StructLayout(LayoutKind.Sequential)]
    private struct GroupAffinity
    {
        public nuint Mask;
        public ushort Group;
        public ushort Reserved0;
        public ushort Reserved1;
        public ushort Reserved2;
    }
}
