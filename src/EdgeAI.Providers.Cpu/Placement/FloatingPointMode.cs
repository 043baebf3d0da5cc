using System.Runtime.InteropServices;

namespace EdgeAI.Providers.Cpu.Placement;

/// <summary>
/// The floating-point mode of a thread: whether results and operands too small for the normal form count as zero. .NET has no function for it; the C library's environment functions
/// have (fenv.h). Linux with glibc on x64 and Arm64; elsewhere nothing is set.
/// </summary>
internal sealed unsafe partial class FloatingPointMode
{
    // x86: MXCSR lies behind the 28 bytes of the old coprocessor; flush-to-zero is bit 15, denormals-are-zero bit 6. Arm64: FPCR comes first; flush-to-zero is bit 24.
    private const int MxcsrAt = 28;
    private const uint FlushOnX86 = (1u << 15) | (1u << 6);
    private const uint FlushOnArm = 1u << 24;
    private const int EnvironmentLength = 64;

    private readonly byte[] _environment;

    private FloatingPointMode(byte[] environment) => _environment = environment;

    private static bool IsSupported => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    /// <summary>Has the calling thread count them as zero from now on; <see langword="false"/> where that cannot be set.</summary>
    public static bool TryFlushDenormals()
    {
        if (TryRead() is not { } mode) return false;
        if (RuntimeInformation.ProcessArchitecture == Architecture.X64) BitConverter.TryWriteBytes(mode._environment.AsSpan(MxcsrAt), BitConverter.ToUInt32(mode._environment, MxcsrAt) | FlushOnX86);
        else BitConverter.TryWriteBytes(mode._environment, BitConverter.ToUInt32(mode._environment) | FlushOnArm);
        return mode.Restore();
    }

    /// <summary>The calling thread's mode; <see langword="null"/> where it cannot be read.</summary>
    public static FloatingPointMode? TryRead()
    {
        if (!IsSupported) return null;
        try
        {
            var environment = new byte[EnvironmentLength];
            fixed (byte* start = environment) return fegetenv(start) == 0 ? new(environment) : null;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Gives the calling thread this mode.</summary>
    public bool Restore()
    {
        fixed (byte* start = _environment) return fesetenv(start) == 0;
    }

    [LibraryImport("libm.so.6")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int fegetenv(byte* environment);

    [LibraryImport("libm.so.6")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int fesetenv(byte* environment);
}
