using System.Runtime.InteropServices;

namespace EdgeAI.Onnx;

/// <summary>Pages of mapped files.</summary>
internal static partial class LinuxPages
{
    private const int DoNotNeed = 4;    // MADV_DONTNEED of sys/mman.h, the same on all of Linux's architectures that .NET runs on

    /// <summary>Unmaps the pages of a read-only mapping for now; advice that may be ignored.</summary>
    public static void Drop(nint address, nuint byteLength) => _ = Advise(address, byteLength, DoNotNeed);

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(nint address, nuint byteLength, int advice);
}
