using System.Runtime.InteropServices;

namespace EdgeAI.OnnxRuntime.Interop;

/// <summary>The C library's heap, from which ONNX Runtime takes its memory.</summary>
internal static class NativeHeap
{
    private static volatile bool _cannotTrim = !OperatingSystem.IsLinux();

    /// <summary>Gives free memory back to the system. The GNU C library keeps it otherwise, in one pool for each thread that ever allocated. Elsewhere it does nothing.</summary>
    public static void Trim()
    {
        if (_cannotTrim) return;
        try
        {
            _ = Native.Trim(0);
        }
        catch (Exception exception) when (exception is EntryPointNotFoundException or DllNotFoundException)
        {
            // Another C library, such as musl, which has no such pools.
            _cannotTrim = true;
        }
    }

    private static class Native
    {
        [DllImport("libc", EntryPoint = "malloc_trim")]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Trim(nuint pad);
    }
}
