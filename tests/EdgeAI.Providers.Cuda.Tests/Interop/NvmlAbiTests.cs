using EdgeAI.Providers.Cuda.Interop;

namespace EdgeAI.Providers.Cuda.Tests.Interop;

/// <summary>The calls and layouts of NVML against a C compiler's reading of them.</summary>
[TestClass]
[DoNotParallelize]
public sealed unsafe class NvmlAbiTests
{
    private const ulong Canary = 0xC0FFEE1122334455;

    [TestMethod]
    public void Structs_Sizes_AreTheCompilers()
    {
        StubDriver.Require();
        var size = (delegate* unmanaged<int, nuint>)StubDriver.Nvml.Find("stub_sizeof");

        Assert.AreEqual(size(0), (nuint)sizeof(NvmlMemory));
        Assert.AreEqual(size(1), (nuint)sizeof(NvmlMemoryV2));
        Assert.AreEqual(size(2), (nuint)sizeof(NvmlUtilization));
        Assert.AreEqual(size(3), (nuint)sizeof(NvmlTemperature));
        Assert.AreEqual(size(4), (nuint)sizeof(NvmlPciInfo));
        Assert.AreEqual(size(5), (nuint)System.Runtime.InteropServices.Marshal.OffsetOf<NvmlMemoryV2>("Total"));
        Assert.AreEqual(size(6), (nuint)System.Runtime.InteropServices.Marshal.OffsetOf<NvmlPciInfo>("Domain"));
        Assert.AreEqual(Nvml.MemoryVersion2, (uint)sizeof(NvmlMemoryV2) | (2u << 24));
        Assert.AreEqual(Nvml.TemperatureVersion1, (uint)sizeof(NvmlTemperature) | (1u << 24));
    }

    [TestMethod]
    public void Structs_FilledByNativeCode_LeaveTheCanaryBehindThem()
    {
        StubDriver.Require();
        var device = Load().GetDevice(1).Value;

        var memory = Fill<NvmlMemory>("nvmlDeviceGetMemoryInfo", device, default);
        Assert.AreEqual((0x1100000000ul, 0x0900000000ul, 0x0800000000ul), (memory.Total, memory.Free, memory.Used));
        var second = Fill("nvmlDeviceGetMemoryInfo_v2", device, new NvmlMemoryV2 { Version = Nvml.MemoryVersion2 });
        Assert.AreEqual((0x1400000000ul, 0x10000000ul, 0x0A00000000ul, 0x0700000000ul), (second.Total, second.Reserved, second.Free, second.Used));
        var utilization = Fill<NvmlUtilization>("nvmlDeviceGetUtilizationRates", device, default);
        Assert.AreEqual((71u, 23u), (utilization.Gpu, utilization.Memory));
        Assert.AreEqual(62, Fill("nvmlDeviceGetTemperatureV", device, new NvmlTemperature { Version = Nvml.TemperatureVersion1 }).Celsius);
        var pci = Fill<NvmlPciInfo>("nvmlDeviceGetPciInfo_v3", device, default);
        Assert.AreEqual((0x10u, 0x41u, 0x02u, 0x233010deu, 0x16c110deu), (pci.Domain, pci.Bus, pci.Device, pci.PciDeviceId, pci.PciSubsystemId));
        Assert.AreEqual("0010:41:02.0", pci.BusIdLegacy);
        Assert.AreEqual("00000010:41:02.0", pci.BusId);
    }

    [TestMethod]
    public void Nvml_EveryFunction_GivesTheKnownAnswer()
    {
        StubDriver.Require();
        var nvml = Load();
        var device = nvml.GetDevice(0).Value;

        Assert.AreEqual("570.86.15", nvml.GetDriverVersion().Value);
        Assert.AreEqual(2u, nvml.GetDeviceCount().Value);
        Assert.AreEqual("Stub GPU A", nvml.GetName(device).Value);
        Assert.AreEqual("GPU-a0a1a2a3-a4a5-a6a7-a8a9-aaabacadaeaf", nvml.GetUuid(device).Value);
        Assert.AreEqual("00000010:01:02.0", nvml.GetPciInfo(device).Value.BusId);
        var memory = nvml.GetMemory(device).Value;
        Assert.AreEqual((0x1200000000ul, 0x0A00000000ul, 0x0710000000ul), (memory.Total, memory.Free, memory.Used), "reserved memory counts as used");
        Assert.AreEqual(71u, nvml.GetUtilization(device).Value.Gpu);
        Assert.AreEqual(61, nvml.GetTemperature(device).Value);
        Assert.AreEqual(98u, nvml.GetThreshold(device, NvmlThreshold.Shutdown).Value);
        Assert.AreEqual(95u, nvml.GetThreshold(device, NvmlThreshold.Slowdown).Value);
        Assert.AreEqual(90u, nvml.GetThreshold(device, NvmlThreshold.MemoryMax).Value);
        Assert.AreEqual(87u, nvml.GetThreshold(device, NvmlThreshold.GpuMax).Value);
        Assert.AreEqual(1395u, nvml.GetClock(device, NvmlClock.Graphics).Value);
        Assert.AreEqual(1410u, nvml.GetClock(device, NvmlClock.Multiprocessor).Value);
        Assert.AreEqual(5001u, nvml.GetClock(device, NvmlClock.Memory).Value);
        Assert.AreEqual(2520u, nvml.GetMaxClock(device, NvmlClock.Multiprocessor).Value);
        Assert.AreEqual(10501u, nvml.GetMaxClock(device, NvmlClock.Memory).Value);
        Assert.AreEqual(0x100000001ul, nvml.GetClockReasons(device).Value, "all 64 bits arrive");
        Assert.AreEqual(1u, nvml.GetNumber(device, NvmlNumber.LinkGeneration).Value);
        Assert.AreEqual(4u, nvml.GetNumber(device, NvmlNumber.MaxLinkGeneration).Value);
        Assert.AreEqual(8u, nvml.GetNumber(device, NvmlNumber.LinkLanes).Value);
        Assert.AreEqual(16u, nvml.GetNumber(device, NvmlNumber.MaxLinkLanes).Value);
        Assert.AreEqual(215500u, nvml.GetNumber(device, NvmlNumber.PowerUsage).Value);
        Assert.AreEqual(350000u, nvml.GetNumber(device, NvmlNumber.EnforcedPowerLimit).Value);
        Assert.AreEqual(384u, nvml.GetNumber(device, NvmlNumber.MemoryBusWidth).Value);
    }

    [TestMethod]
    public void Nvml_DividedGpu_ShowsItsSlices()
    {
        StubDriver.Require();
        var nvml = Load();
        nint whole = nvml.GetDevice(0).Value, divided = nvml.GetDevice(1).Value;

        Assert.AreEqual((0u, 3u), (nvml.GetMaxSliceCount(whole).Value, nvml.GetMaxSliceCount(divided).Value));
        Assert.AreEqual(NvmlResult.NotSupported, nvml.GetSlice(whole, 0).Code);
        Assert.AreEqual(NvmlResult.NotFound, nvml.GetSlice(divided, 0).Code);
        Assert.AreEqual("MIG-c0c1c2c3-c4c5-c6c7-c8c9-cacbcccdcecf", nvml.GetUuid(nvml.GetSlice(divided, 1).Value).Value);
    }

    [TestMethod]
    public void Nvml_OlderDriver_FallsBackToTheFirstVersions()
    {
        StubDriver.Require();
        StubDriver.Set(StubDriver.Modern, 0);
        var nvml = Load();
        var device = nvml.GetDevice(0).Value;

        Assert.AreEqual(0x1100000000ul, nvml.GetMemory(device).Value.Total);
        Assert.AreEqual(59, nvml.GetTemperature(device).Value);
    }

    [TestMethod]
    [DataRow(NvmlResult.NotSupported)]
    [DataRow(NvmlResult.GpuIsLost)]
    [DataRow(NvmlResult.Unknown)]
    public void Nvml_AnError_IsAnAnswer(int code)
    {
        StubDriver.Require();
        StubDriver.Set(StubDriver.Query, code);
        var nvml = Load();
        var device = nvml.GetDevice(0).Value;

        Assert.AreEqual(code, nvml.GetMemory(device).Code);
        Assert.AreEqual(code, nvml.GetTemperature(device).Code);
        Assert.AreEqual(code, nvml.GetName(device).Code);
        Assert.IsNull(nvml.GetNumber(device, NvmlNumber.PowerUsage).OrNull());
    }

    [TestMethod]
    public void TryLoad_InitializationFails_SaysWhy()
    {
        var folder = StubDriver.Require();
        StubDriver.Set(StubDriver.Init, NvmlResult.VersionMismatch);

        Assert.IsNull(Nvml.TryLoad(folder, out var problem));
        Assert.Contains("restart the machine", problem);
    }

    [TestMethod]
    public void TryLoad_NoLibrary_GivesTheLoadersWords()
    {
        using var empty = new TemporaryFolder();

        Assert.IsNull(Nvml.TryLoad(empty.Path, out var problem));
        Assert.Contains(OperatingSystem.IsWindows() ? "nvml.dll" : "libnvidia-ml.so.1", problem);
    }

    private static Nvml Load() => Nvml.TryLoad(StubDriver.Folder, out _)!;

    /// <summary>Has native code fill a structure that lies between known bytes.</summary>
    private static T Fill<T>(string function, nint device, T initial)
        where T : unmanaged
    {
        var room = stackalloc byte[sizeof(T) + 16];
        *(ulong*)room = Canary;
        *(T*)(room + 8) = initial;
        *(ulong*)(room + 8 + sizeof(T)) = Canary;

        var code = ((delegate* unmanaged<nint, void*, int>)StubDriver.Nvml.Find(function))(device, room + 8);

        Assert.AreEqual(0, code, function);
        Assert.AreEqual(Canary, *(ulong*)room, $"{function} wrote before the structure");
        Assert.AreEqual(Canary, *(ulong*)(room + 8 + sizeof(T)), $"{function} wrote behind the structure");
        return *(T*)(room + 8);
    }
}
