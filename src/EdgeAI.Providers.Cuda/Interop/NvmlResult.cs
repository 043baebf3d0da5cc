namespace EdgeAI.Providers.Cuda.Interop;

/// <summary>The values of <c>nvmlReturn_t</c> (nvml.h) that are told apart.</summary>
internal static class NvmlResult
{
    public const int NotSupported = 3;
    public const int NoPermission = 4;
    public const int NotFound = 6;
    public const int DriverNotLoaded = 9;
    public const int FunctionNotFound = 13;
    public const int GpuIsLost = 15;
    public const int ResetRequired = 16;
    public const int BlockedByOperatingSystem = 17;
    public const int VersionMismatch = 18;
    public const int ArgumentVersionMismatch = 25;
    public const int Unknown = 999;

    /// <summary>Whether the GPU is gone until it is reset or the machine restarts.</summary>
    public static bool IsLost(int code) => code is GpuIsLost or ResetRequired;

    public static string Describe(int code) => code switch
    {
        NotSupported => "not supported",
        NoPermission => "no permission",
        NotFound => "not found",
        DriverNotLoaded => "the driver is not loaded",
        FunctionNotFound => "missing in this driver",
        GpuIsLost => "the GPU is lost",
        ResetRequired => "the GPU needs a reset",
        BlockedByOperatingSystem => "blocked by the operating system or its control groups",
        VersionMismatch => "kernel module and library are of different versions; restart the machine after a driver update",
        Unknown => "unknown error",
        _ => $"error {code}",
    };
}
