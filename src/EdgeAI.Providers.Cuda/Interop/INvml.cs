namespace EdgeAI.Providers.Cuda.Interop;

/// <summary>
/// NVIDIA's management library, as far as it is used. Never throws; every function may answer "not supported". Thread-safe, as the library itself is.
/// Tests play recorded answers through it.
/// </summary>
internal interface INvml
{
    Answer<string> GetDriverVersion();

    Answer<uint> GetDeviceCount();

    /// <summary>A handle by NVML's own order, which is that of PCI addresses and knows nothing of <c>CUDA_VISIBLE_DEVICES</c>.</summary>
    Answer<nint> GetDevice(uint index);

    /// <summary>How many slices the GPU may be divided into; 0 or not supported where it cannot be.</summary>
    Answer<uint> GetMaxSliceCount(nint device);

    /// <summary>A handle for one of the GPU's slices, which answers for its memory but not for temperature or power; not found where that place is empty.</summary>
    Answer<nint> GetSlice(nint device, uint index);

    Answer<string> GetName(nint device);

    /// <summary>Such as <c>GPU-</c>, or <c>MIG-</c> for a slice, and 32 hexadecimal digits in five groups.</summary>
    Answer<string> GetUuid(nint device);

    Answer<NvmlPciInfo> GetPciInfo(nint device);

    /// <summary>What the driver reserves for itself counts as used where the library can tell. Not supported by parts that share the system's memory.</summary>
    Answer<NvmlMemory> GetMemory(nint device);

    Answer<NvmlUtilization> GetUtilization(nint device);

    Answer<uint> GetNumber(nint device, NvmlNumber number);

    /// <summary>Megahertz.</summary>
    Answer<uint> GetClock(nint device, NvmlClock clock);

    /// <summary>Megahertz.</summary>
    Answer<uint> GetMaxClock(nint device, NvmlClock clock);

    /// <summary>Degrees Celsius, of the GPU itself.</summary>
    Answer<int> GetTemperature(nint device);

    /// <summary>Degrees Celsius.</summary>
    Answer<uint> GetThreshold(nint device, NvmlThreshold threshold);

    Answer<ulong> GetClockReasons(nint device);
}
