namespace EdgeAI.Providers.Cuda.Interop;

/// <summary><c>CUdevice_attribute</c> of cuda.h, as far as used.</summary>
internal enum CudaAttribute
{
    /// <summary>Kilohertz; 0 on some newer parts.</summary>
    ClockRate = 13,
    MultiprocessorCount = 16,

    /// <summary>A display's watchdog ends kernels that run long.</summary>
    KernelExecTimeout = 17,
    Integrated = 18,
    CanMapHostMemory = 19,

    /// <summary>0 default, 2 prohibited, 3 one process only.</summary>
    ComputeMode = 20,

    /// <summary>Kilohertz; 0 on some newer parts.</summary>
    MemoryClockRate = 36,

    /// <summary>Bits.</summary>
    MemoryBusWidth = 37,

    /// <summary>Bytes.</summary>
    L2CacheSize = 38,
    AsyncEngineCount = 40,
    UnifiedAddressing = 41,
    ComputeCapabilityMajor = 75,
    ComputeCapabilityMinor = 76,
    StreamPriorities = 78,
    ManagedMemory = 83,
    PageableMemoryAccess = 88,
    ConcurrentManagedAccess = 89,
    ComputePreemption = 90,
    PageableMemoryAccessUsesHostPageTables = 100,
    DirectManagedAccessFromHost = 101,
    MemoryPools = 115,
}
