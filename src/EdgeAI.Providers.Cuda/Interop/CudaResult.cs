namespace EdgeAI.Providers.Cuda.Interop;

/// <summary>The values of <c>CUresult</c> (cuda.h) that are told apart. The CUDA runtime's <c>cudaError_t</c> uses the same numbers.</summary>
internal static class CudaResult
{
    public const int OutOfMemory = 2;
    public const int NotInitialized = 3;
    public const int StubLibrary = 34;
    public const int DeviceUnavailable = 46;
    public const int NoDevice = 100;
    public const int InvalidDevice = 101;
    public const int NoBinaryForGpu = 209;
    public const int EccUncorrectable = 214;
    public const int NvlinkUncorrectable = 220;
    public const int NotFound = 500;
    public const int IllegalAddress = 700;
    public const int LaunchTimeout = 702;
    public const int ContextIsDestroyed = 709;
    public const int Assert = 710;
    public const int HardwareStackError = 714;
    public const int IllegalInstruction = 715;
    public const int MisalignedAddress = 716;
    public const int InvalidAddressSpace = 717;
    public const int InvalidProgramCounter = 718;
    public const int LaunchFailed = 719;
    public const int NotSupported = 801;
    public const int SystemNotReady = 802;
    public const int SystemDriverMismatch = 803;
    public const int CompatNotSupportedOnDevice = 804;
    public const int Unknown = 999;

    /// <summary>
    /// Whether the process cannot use the GPU any more: the documentation of <c>CUresult</c> says of each that the context is left in an inconsistent
    /// state and any further CUDA work returns the same error. An unknown error (999) is treated alike, because nothing says that it passes.
    /// </summary>
    public static bool IsSticky(int code) => code is EccUncorrectable or NvlinkUncorrectable or IllegalAddress or LaunchTimeout or ContextIsDestroyed or Assert
        or HardwareStackError or IllegalInstruction or MisalignedAddress or InvalidAddressSpace or InvalidProgramCounter or LaunchFailed or Unknown;

    public static string Describe(int code) => code switch
    {
        OutOfMemory => "out of memory",
        NotInitialized => "not initialized",
        StubLibrary => "the library is the CUDA toolkit's stub, not the driver's",
        DeviceUnavailable => "the GPU is busy or unavailable",
        NoDevice => "no CUDA-capable GPU",
        InvalidDevice => "invalid device",
        NoBinaryForGpu => "no kernel image for this GPU's compute capability",
        EccUncorrectable => "uncorrectable memory error",
        NvlinkUncorrectable => "uncorrectable NVLink error",
        NotFound => "missing in this driver",
        IllegalAddress => "illegal memory access",
        LaunchTimeout => "a kernel ran longer than the display's watchdog allows",
        ContextIsDestroyed => "the context is destroyed",
        Assert => "a kernel's assertion failed",
        HardwareStackError => "hardware stack error",
        IllegalInstruction => "illegal instruction",
        MisalignedAddress => "misaligned address",
        InvalidAddressSpace => "invalid address space",
        InvalidProgramCounter => "invalid program counter",
        LaunchFailed => "a kernel failed",
        NotSupported => "not supported",
        SystemNotReady => "the system is not ready: a service such as the fabric manager is missing",
        SystemDriverMismatch => "kernel module and library are of different versions; restart the machine after a driver update",
        CompatNotSupportedOnDevice => "this GPU takes no forward compatibility package; install a newer driver instead",
        Unknown => "unknown error",
        _ => $"error {code}",
    };
}
