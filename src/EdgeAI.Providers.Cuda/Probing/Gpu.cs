using System.Globalization;
using EdgeAI.Providers.Cuda.Interop;
using EdgeAI.Providers.Cuda.Memory;

namespace EdgeAI.Providers.Cuda.Probing;

/// <summary>One GPU: what one look tells, fixed from then on, and its state, read anew each time. Thread-safe.</summary>
internal sealed class Gpu
{
    private const int KiloHertz = 1000, MegaHertz = 1000_000, Prohibited = 2;

    private readonly INvml? _nvml;
    private readonly nint _handle;
    private readonly GpuMemory _memory;
    private readonly double? _temperatureLimit;

    public Gpu(ICudaDriver driver, int ordinal, int device, INvml? nvml, NvmlDirectory? directory, SystemFiles files)
    {
        Driver = driver;
        Ordinal = ordinal;
        Device = device;
        Uuid = driver.GetUuid(device).OrNull();
        Address = PciAddress.TryParse(driver.GetPciBusId(device).TextOrNull());
        var place = directory?.Find(Uuid, Address);
        _nvml = place is null ? null : nvml;
        _handle = place?.Device ?? 0;
        _memory = new GpuMemory(driver, device, place?.Memory is null ? null : nvml, place?.Memory ?? 0, files);
        InPlace = InPlaceAccess.Judge(_memory.IsUnified, attribute => Attribute(attribute).OrNull());
        _temperatureLimit = _nvml?.GetThreshold(_handle, NvmlThreshold.Slowdown).OrNull();
        var link = _memory.IsUnified == true ? null : PciLink.Read(_nvml, _handle, Address, files);
        var numaNode = Address is null ? null : files.ReadNumber($"sys/bus/pci/devices/{Address}/numa_node");
        Info = new DeviceInfo(IdOf(ordinal), CudaDeviceProvider.ProviderName, DeviceKind.Gpu, driver.GetName(device).TextOrNull() ?? _nvml?.GetName(_handle).TextOrNull() ?? "NVIDIA GPU")
        {
            MemoryBytes = _memory.TotalBytes,
            NumaNode = numaNode >= 0 ? (int)numaNode : null,
            HasUnifiedMemory = _memory.IsUnified,
            Link = link,
            Features = ReadFeatures(),
            Facts = ReadFacts(link, numaNode),
        };
    }

    /// <summary>The driver that shows it.</summary>
    public ICudaDriver Driver { get; }

    /// <summary>Its number in the CUDA driver's order, which is also ONNX Runtime's.</summary>
    public int Ordinal { get; }

    /// <summary>The driver's own handle.</summary>
    public int Device { get; }

    public Guid? Uuid { get; }

    public PciAddress? Address { get; }

    public DeviceInfo Info { get; }

    /// <summary>Whether an administrator has forbidden computing on it.</summary>
    public bool IsProhibited => Attribute(CudaAttribute.ComputeMode).OrNull() == Prohibited;

    /// <summary>How it uses host memory where it lies; <see langword="null"/> where it does not, as with any GPU that has memory of its own.</summary>
    public InPlaceAccess? InPlace { get; }

    /// <summary>Whether the driver has memory pools for it, whose blocks may belong to a graph.</summary>
    public bool HasMemoryPools => Attribute(CudaAttribute.MemoryPools).OrNull() > 0;

    public bool HasStreamPriorities => Attribute(CudaAttribute.StreamPriorities).OrNull() > 0;

    public static string IdOf(int ordinal) => string.Create(CultureInfo.InvariantCulture, $"{CudaDeviceProvider.ProviderName}:{ordinal}");

    /// <summary>Reads the state; what the GPU does not tell is <see langword="null"/>.</summary>
    public DeviceStatus ReadStatus()
    {
        var free = _memory.ReadFreeBytes();
        if (_nvml is null) return new DeviceStatus { FreeMemoryBytes = free };

        var temperature = _nvml.GetTemperature(_handle);
        var power = _nvml.GetNumber(_handle, NvmlNumber.PowerUsage);
        var reasons = _nvml.GetClockReasons(_handle);
        var clock = _nvml.GetClock(_handle, NvmlClock.Multiprocessor);
        return new DeviceStatus
        {
            Health = Judge(temperature.Code, power.Code, reasons.Code, clock.Code),
            FreeMemoryBytes = free,
            TemperatureCelsius = temperature.OrNull(),
            TemperatureLimitCelsius = _temperatureLimit,
            PowerWatts = power.OrNull() / 1000.0,
            PowerLimitWatts = _nvml.GetNumber(_handle, NvmlNumber.EnforcedPowerLimit).OrNull() / 1000.0,
            IsThrottled = reasons.IsOk ? ((ClockReasons)reasons.Value & ClockReasons.Throttled) != 0 : null,
            ClockHertz = clock.OrNull() * (double)MegaHertz,
        };
    }

    private static DeviceHealth Judge(params ReadOnlySpan<int> codes)
    {
        foreach (var code in codes)
        {
            if (NvmlResult.IsLost(code)) return DeviceHealth.Failed;
        }

        return codes.Contains(0) ? DeviceHealth.Healthy : DeviceHealth.Unknown;
    }

    private Answer<int> Attribute(CudaAttribute attribute) => Driver.GetAttribute(Device, attribute);

    private List<string> ReadFeatures()
    {
        List<string> features = [];
        if (Attribute(CudaAttribute.ComputeCapabilityMajor).OrNull() is { } major && Attribute(CudaAttribute.ComputeCapabilityMinor).OrNull() is { } minor)
        {
            features.Add(string.Create(CultureInfo.InvariantCulture, $"sm_{major}{minor}"));
        }

        AddIf(CudaAttribute.Integrated, "integrated");
        AddIf(CudaAttribute.UnifiedAddressing, "unified_addressing");
        AddIf(CudaAttribute.ManagedMemory, "managed_memory");
        AddIf(CudaAttribute.ConcurrentManagedAccess, "concurrent_managed_access");
        AddIf(CudaAttribute.PageableMemoryAccess, "pageable_memory_access");
        AddIf(CudaAttribute.StreamPriorities, "stream_priorities");
        AddIf(CudaAttribute.ComputePreemption, "compute_preemption");
        AddIf(CudaAttribute.MemoryPools, "memory_pools");
        return features;

        void AddIf(CudaAttribute attribute, string name)
        {
            if (Attribute(attribute).OrNull() > 0) features.Add(name);
        }
    }

    private IReadOnlyList<DeviceFact> ReadFacts(DeviceLink? link, long? numaNode)
    {
        var facts = new FactList();
        var major = Attribute(CudaAttribute.ComputeCapabilityMajor);
        var minor = Attribute(CudaAttribute.ComputeCapabilityMinor);
        facts.AddCuda("compute capability", major, "cuDeviceGetAttribute(75, 76)", value => minor.IsOk ? string.Create(CultureInfo.InvariantCulture, $"{value}.{minor.Value}") : null);
        facts.Add("uuid", Uuid is null ? null : $"GPU-{Uuid}", "cuDeviceGetUuid_v2");
        facts.Add("pci address", Address?.ToString(), "cuDeviceGetPCIBusId");
        facts.Add("numa node", numaNode >= 0 ? numaNode.Value.ToString(CultureInfo.InvariantCulture) : null, "sysfs numa_node");
        facts.Add("memory", _memory.TotalBytes is { } bytes ? string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes") : null, _memory.Source);
        facts.AddCuda("multiprocessors", Attribute(CudaAttribute.MultiprocessorCount), CudaAttribute.MultiprocessorCount, "");
        facts.AddCuda("clock", Attribute(CudaAttribute.ClockRate), CudaAttribute.ClockRate, " MHz", 1.0 / KiloHertz);
        facts.AddCuda("memory clock", Attribute(CudaAttribute.MemoryClockRate), CudaAttribute.MemoryClockRate, " MHz", 1.0 / KiloHertz);
        facts.AddCuda("memory bus", Attribute(CudaAttribute.MemoryBusWidth), CudaAttribute.MemoryBusWidth, " bits");
        facts.AddCuda("l2 cache", Attribute(CudaAttribute.L2CacheSize), CudaAttribute.L2CacheSize, " bytes");
        facts.AddCuda("copy engines", Attribute(CudaAttribute.AsyncEngineCount), CudaAttribute.AsyncEngineCount, "");
        facts.AddCuda("compute mode", Attribute(CudaAttribute.ComputeMode), "cuDeviceGetAttribute(20)", ComputeMode);
        facts.AddFlag("kernel time limit", Attribute(CudaAttribute.KernelExecTimeout), CudaAttribute.KernelExecTimeout);
        facts.AddFlag("integrated", Attribute(CudaAttribute.Integrated), CudaAttribute.Integrated);
        facts.AddFlag("maps host memory", Attribute(CudaAttribute.CanMapHostMemory), CudaAttribute.CanMapHostMemory);
        facts.AddFlag("managed memory", Attribute(CudaAttribute.ManagedMemory), CudaAttribute.ManagedMemory);
        facts.AddFlag("managed memory beside the host", Attribute(CudaAttribute.ConcurrentManagedAccess), CudaAttribute.ConcurrentManagedAccess);
        facts.AddFlag("pageable memory", Attribute(CudaAttribute.PageableMemoryAccess), CudaAttribute.PageableMemoryAccess);
        facts.Add("host memory used in place", _memory.IsUnified is null ? null : InPlace?.ToString() ?? "none", "cuDeviceGetAttribute(18, 19, 83, 88, 89, 100)");
        facts.AddFlag("stream priorities", Attribute(CudaAttribute.StreamPriorities), CudaAttribute.StreamPriorities);
        facts.Add("pci express", Describe(link), "NVML and sysfs, least of the way");
        facts.AddNvml("maximum clock", _nvml?.GetMaxClock(_handle, NvmlClock.Multiprocessor), "nvmlDeviceGetMaxClockInfo", MegaHertzText);
        facts.AddNvml("maximum memory clock", _nvml?.GetMaxClock(_handle, NvmlClock.Memory), "nvmlDeviceGetMaxClockInfo", MegaHertzText);
        facts.AddNvml("slowdown temperature", _nvml?.GetThreshold(_handle, NvmlThreshold.Slowdown), "nvmlDeviceGetTemperatureThreshold", Celsius);
        facts.AddNvml("shutdown temperature", _nvml?.GetThreshold(_handle, NvmlThreshold.Shutdown), "nvmlDeviceGetTemperatureThreshold", Celsius);
        facts.AddNvml("power limit", _nvml?.GetNumber(_handle, NvmlNumber.EnforcedPowerLimit), "nvmlDeviceGetEnforcedPowerLimit", value => string.Create(CultureInfo.InvariantCulture, $"{value / 1000.0:0.#} W"));
        return facts.Facts;
    }

    private static string MegaHertzText(uint value) => string.Create(CultureInfo.InvariantCulture, $"{value} MHz");

    private static string Celsius(uint value) => string.Create(CultureInfo.InvariantCulture, $"{value} °C");

    private static string ComputeMode(int mode) => mode switch { 0 => "default", Prohibited => "prohibited", 3 => "one process", _ => mode.ToString(CultureInfo.InvariantCulture) };

    private static string? Describe(DeviceLink? link) => link is null ? null : $"generation {Of(link.Generation, link.MaxGeneration)}, lanes {Of(link.Lanes, link.MaxLanes)}";

    private static string Of(int? now, int? max) => $"{now?.ToString(CultureInfo.InvariantCulture) ?? "unknown"} of {max?.ToString(CultureInfo.InvariantCulture) ?? "unknown"}";
}
