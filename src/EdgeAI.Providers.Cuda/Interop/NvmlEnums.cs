namespace EdgeAI.Providers.Cuda.Interop;

/// <summary><c>nvmlClockType_t</c>.</summary>
internal enum NvmlClock
{
    Graphics = 0,
    Multiprocessor = 1,
    Memory = 2,
}

/// <summary><c>nvmlTemperatureThresholds_t</c>.</summary>
internal enum NvmlThreshold
{
    Shutdown = 0,
    Slowdown = 1,
    MemoryMax = 2,
    GpuMax = 3,
}

/// <summary>Functions of the form <c>(device, unsigned int*)</c>.</summary>
internal enum NvmlNumber
{
    /// <summary>The PCI Express generation in use; an idle GPU lowers it.</summary>
    LinkGeneration,

    /// <summary>The highest that GPU and slot have in common.</summary>
    MaxLinkGeneration,

    LinkLanes,
    MaxLinkLanes,

    /// <summary>Milliwatts.</summary>
    PowerUsage,

    /// <summary>Milliwatts.</summary>
    EnforcedPowerLimit,

    /// <summary>Bits.</summary>
    MemoryBusWidth,
}
