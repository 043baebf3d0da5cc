using System.Text;

namespace EdgeAI.Providers.Cuda.Interop;

/// <summary>
/// The real NVML. Functions and buffer sizes: nvml.h of the CUDA toolkit (NVML 13). Each function is looked up when it is first used, because older drivers lack some.
/// </summary>
internal sealed unsafe class Nvml : INvml
{
    // NVML_STRUCT_VERSION: the size of the structure, with the version in the highest byte.
    internal const uint MemoryVersion2 = 40 | (2u << 24);
    internal const uint TemperatureVersion1 = 12 | (1u << 24);

    private const uint GpuSensor = 0;
    private const int TextLength = 96;              // NVML_DEVICE_NAME_V2_BUFFER_SIZE and NVML_DEVICE_UUID_V2_BUFFER_SIZE; 80 for the driver's version

    private readonly DriverLibrary _library;

    private Nvml(DriverLibrary library) => _library = library;

    /// <summary>Loads and initializes the library.</summary>
    /// <param name="folder">The only folder to look in; <see langword="null"/>: where the system looks.</param>
    /// <param name="problem">Why there is none; empty otherwise.</param>
    public static Nvml? TryLoad(string? folder, out string problem)
    {
        var library = DriverLibrary.TryLoad(DriverLibraryNames.Nvml(folder), out problem);
        if (library is null) return null;
        var initialize = (delegate* unmanaged<int>)library.Find("nvmlInit_v2");
        var code = initialize is null ? NvmlResult.FunctionNotFound : initialize();
        if (code == 0) return new Nvml(library);
        problem = $"nvmlInit_v2: {NvmlResult.Describe(code)}";
        return null;
    }

    public Answer<string> GetDriverVersion()
    {
        var function = (delegate* unmanaged<byte*, uint, int>)_library.Find("nvmlSystemGetDriverVersion");
        if (function is null) return Answer<string>.Failed(NvmlResult.FunctionNotFound);
        var text = stackalloc byte[TextLength];
        return Text(function(text, TextLength), text);
    }

    public Answer<uint> GetDeviceCount()
    {
        var function = (delegate* unmanaged<uint*, int>)_library.Find("nvmlDeviceGetCount_v2");
        uint count = 0;
        return function is null ? Answer<uint>.Failed(NvmlResult.FunctionNotFound) : new(function(&count), count);
    }

    public Answer<nint> GetDevice(uint index)
    {
        var function = (delegate* unmanaged<uint, nint*, int>)_library.Find("nvmlDeviceGetHandleByIndex_v2");
        nint device = 0;
        return function is null ? Answer<nint>.Failed(NvmlResult.FunctionNotFound) : new(function(index, &device), device);
    }

    public Answer<uint> GetMaxSliceCount(nint device)
    {
        var function = (delegate* unmanaged<nint, uint*, int>)_library.Find("nvmlDeviceGetMaxMigDeviceCount");
        uint count = 0;
        return function is null ? Answer<uint>.Failed(NvmlResult.FunctionNotFound) : new(function(device, &count), count);
    }

    public Answer<nint> GetSlice(nint device, uint index)
    {
        var function = (delegate* unmanaged<nint, uint, nint*, int>)_library.Find("nvmlDeviceGetMigDeviceHandleByIndex");
        nint slice = 0;
        return function is null ? Answer<nint>.Failed(NvmlResult.FunctionNotFound) : new(function(device, index, &slice), slice);
    }

    public Answer<string> GetName(nint device) => GetText("nvmlDeviceGetName", device);

    public Answer<string> GetUuid(nint device) => GetText("nvmlDeviceGetUUID", device);

    public Answer<NvmlPciInfo> GetPciInfo(nint device)
    {
        var function = (delegate* unmanaged<nint, NvmlPciInfo*, int>)_library.Find("nvmlDeviceGetPciInfo_v3");
        NvmlPciInfo info = default;
        return function is null ? Answer<NvmlPciInfo>.Failed(NvmlResult.FunctionNotFound) : new(function(device, &info), info);
    }

    public Answer<NvmlMemory> GetMemory(nint device)
    {
        var second = (delegate* unmanaged<nint, NvmlMemoryV2*, int>)_library.Find("nvmlDeviceGetMemoryInfo_v2");
        if (second is not null)
        {
            var memory = new NvmlMemoryV2 { Version = MemoryVersion2 };
            var code = second(device, &memory);
            if (code == 0) return new(0, new NvmlMemory { Total = memory.Total, Free = memory.Free, Used = memory.Used + memory.Reserved });
            if (code is not (NvmlResult.ArgumentVersionMismatch or NvmlResult.FunctionNotFound)) return Answer<NvmlMemory>.Failed(code);
        }

        var first = (delegate* unmanaged<nint, NvmlMemory*, int>)_library.Find("nvmlDeviceGetMemoryInfo");
        NvmlMemory answer = default;
        return first is null ? Answer<NvmlMemory>.Failed(NvmlResult.FunctionNotFound) : new(first(device, &answer), answer);
    }

    public Answer<NvmlUtilization> GetUtilization(nint device)
    {
        var function = (delegate* unmanaged<nint, NvmlUtilization*, int>)_library.Find("nvmlDeviceGetUtilizationRates");
        NvmlUtilization utilization = default;
        return function is null ? Answer<NvmlUtilization>.Failed(NvmlResult.FunctionNotFound) : new(function(device, &utilization), utilization);
    }

    public Answer<uint> GetNumber(nint device, NvmlNumber number)
    {
        var function = (delegate* unmanaged<nint, uint*, int>)_library.Find(number switch
        {
            NvmlNumber.LinkGeneration => "nvmlDeviceGetCurrPcieLinkGeneration",
            NvmlNumber.MaxLinkGeneration => "nvmlDeviceGetMaxPcieLinkGeneration",
            NvmlNumber.LinkLanes => "nvmlDeviceGetCurrPcieLinkWidth",
            NvmlNumber.MaxLinkLanes => "nvmlDeviceGetMaxPcieLinkWidth",
            NvmlNumber.PowerUsage => "nvmlDeviceGetPowerUsage",
            NvmlNumber.EnforcedPowerLimit => "nvmlDeviceGetEnforcedPowerLimit",
            _ => "nvmlDeviceGetMemoryBusWidth",
        });
        uint value = 0;
        return function is null ? Answer<uint>.Failed(NvmlResult.FunctionNotFound) : new(function(device, &value), value);
    }

    public Answer<uint> GetClock(nint device, NvmlClock clock) => GetNumber("nvmlDeviceGetClockInfo", device, (int)clock);

    public Answer<uint> GetMaxClock(nint device, NvmlClock clock) => GetNumber("nvmlDeviceGetMaxClockInfo", device, (int)clock);

    public Answer<uint> GetThreshold(nint device, NvmlThreshold threshold) => GetNumber("nvmlDeviceGetTemperatureThreshold", device, (int)threshold);

    public Answer<int> GetTemperature(nint device)
    {
        // The successor of nvmlDeviceGetTemperature, which the header calls deprecated; older drivers have only that one.
        var successor = (delegate* unmanaged<nint, NvmlTemperature*, int>)_library.Find("nvmlDeviceGetTemperatureV");
        if (successor is not null)
        {
            var temperature = new NvmlTemperature { Version = TemperatureVersion1, Sensor = GpuSensor };
            if (successor(device, &temperature) == 0) return new(0, temperature.Celsius);
        }

        var answer = GetNumber("nvmlDeviceGetTemperature", device, (int)GpuSensor);
        return new(answer.Code, (int)answer.Value);
    }

    public Answer<ulong> GetClockReasons(nint device)
    {
        var function = (delegate* unmanaged<nint, ulong*, int>)_library.Find("nvmlDeviceGetCurrentClocksEventReasons");
        if (function is null) function = (delegate* unmanaged<nint, ulong*, int>)_library.Find("nvmlDeviceGetCurrentClocksThrottleReasons");
        ulong reasons = 0;
        return function is null ? Answer<ulong>.Failed(NvmlResult.FunctionNotFound) : new(function(device, &reasons), reasons);
    }

    private Answer<uint> GetNumber(string name, nint device, int kind)
    {
        var function = (delegate* unmanaged<nint, int, uint*, int>)_library.Find(name);
        uint value = 0;
        return function is null ? Answer<uint>.Failed(NvmlResult.FunctionNotFound) : new(function(device, kind, &value), value);
    }

    private Answer<string> GetText(string name, nint device)
    {
        var function = (delegate* unmanaged<nint, byte*, uint, int>)_library.Find(name);
        if (function is null) return Answer<string>.Failed(NvmlResult.FunctionNotFound);
        var text = stackalloc byte[TextLength];
        return Text(function(device, text, TextLength), text);
    }

    private static Answer<string> Text(int code, byte* text)
    {
        if (code != 0) return Answer<string>.Failed(code);
        var bytes = new ReadOnlySpan<byte>(text, TextLength);
        var end = bytes.IndexOf((byte)0);
        return new(0, Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]));
    }
}
