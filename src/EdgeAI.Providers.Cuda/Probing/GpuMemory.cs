using EdgeAI.Providers.Cuda.Interop;

namespace EdgeAI.Providers.Cuda.Probing;

/// <summary>
/// The memory of one GPU. Parts that share the system's memory do not answer NVML, and the driver counts pages as used there that the kernel could drop: then
/// the kernel's figures count.
/// </summary>
internal sealed class GpuMemory
{
    private readonly ICudaDriver _driver;
    private readonly INvml? _nvml;
    private readonly nint _handle;
    private readonly int _device;
    private readonly SystemFiles _files;

    public GpuMemory(ICudaDriver driver, int device, INvml? nvml, nint handle, SystemFiles files)
    {
        _driver = driver;
        _device = device;
        _nvml = nvml;
        _handle = handle;
        _files = files;
        var ofNvml = nvml?.GetMemory(handle);
        IsUnified = JudgeUnified(driver, device, ofNvml);
        (TotalBytes, Source) = Total(ofNvml);
    }

    /// <summary>Whether GPU and host use the same memory; <see langword="null"/> where the driver does not say.</summary>
    public bool? IsUnified { get; }

    public long? TotalBytes { get; }

    /// <summary>Who told the total.</summary>
    public string Source { get; }

    /// <summary>What is free now; <see langword="null"/> where unknown.</summary>
    public long? ReadFreeBytes()
    {
        if (IsUnified == true) return _files.ReadKilobytes("proc/meminfo", "MemAvailable") ?? AskDriver();
        return _nvml?.GetMemory(_handle) is { IsOk: true, Value: var memory } ? (long)memory.Free : AskDriver();
    }

    // CUDA C programming guide: an integrated GPU has no memory of its own. A part that reads the host's pages by the host's own tables may still have memory
    // of its own beside it (Grace Hopper), which NVML then reports.
    private static bool? JudgeUnified(ICudaDriver driver, int device, Answer<NvmlMemory>? ofNvml)
    {
        if (driver.GetAttribute(device, CudaAttribute.Integrated).OrNull() is not { } integrated) return null;
        if (integrated != 0) return true;
        return ofNvml?.Code == NvmlResult.NotSupported
            && driver.GetAttribute(device, CudaAttribute.PageableMemoryAccess).OrNull() > 0
            && driver.GetAttribute(device, CudaAttribute.PageableMemoryAccessUsesHostPageTables).OrNull() > 0;
    }

    private (long? Bytes, string Source) Total(Answer<NvmlMemory>? ofNvml)
    {
        if (IsUnified == true && _files.ReadKilobytes("proc/meminfo", "MemTotal") is { } shared) return (shared, "/proc/meminfo, which the GPU shares");
        if (IsUnified != true && ofNvml is { IsOk: true, Value: var memory }) return ((long)memory.Total, "nvmlDeviceGetMemoryInfo_v2");
        return (_driver.GetTotalMemory(_device).OrNull(), "cuDeviceTotalMem_v2");
    }

    // Only where the process has a context there already: creating one takes hundreds of megabytes and much longer than asking.
    private long? AskDriver()
    {
        if (_driver.IsPrimaryContextActive(_device) is not { IsOk: true, Value: true }) return null;
        using var context = CudaContext.TryEnter(_driver, _device, out _);
        return context is null ? null : _driver.GetFreeMemory().OrNull();
    }
}
