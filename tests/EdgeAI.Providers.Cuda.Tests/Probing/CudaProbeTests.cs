using EdgeAI.Providers.Cuda.Interop;
using EdgeAI.Providers.Cuda.Probing;
using EdgeAI.Providers.Cuda.Tests.Interop;

namespace EdgeAI.Providers.Cuda.Tests.Probing;

[TestClass]
[DoNotParallelize]
public sealed class CudaProbeTests
{
    private static readonly SystemFiles _nothing = new("/nonexistent");

    [TestMethod]
    public void Read_StubDriver_MatchesGpusThatAreCountedInOtherOrder()
    {
        var folder = StubDriver.Require();

        var found = new CudaProbe(_nothing, _ => null).Read(folder);

        Assert.IsNull(found.Problem);
        Assert.AreEqual("driver 570.86.15, CUDA 12.8", found.DriverVersions);
        Assert.HasCount(2, found.Gpus);
        var (b, a) = (found.Gpus[0].Info, found.Gpus[1].Info);
        Assert.AreEqual(("cuda:0", "Stub GPU B"), (b.Id, b.Name));
        Assert.AreEqual(("cuda:1", "Stub GPU A"), (a.Id, a.Name));
        Assert.AreEqual(0x1400000000, b.MemoryBytes, "the memory of NVML's second GPU");
        Assert.AreEqual(0x1200000000, a.MemoryBytes);
        Assert.AreEqual(62, found.Gpus[0].ReadStatus().TemperatureCelsius);
        Assert.AreEqual(61, found.Gpus[1].ReadStatus().TemperatureCelsius);
        Assert.AreEqual(new DeviceLink(1, 8, 4, 16), b.Link);
        Assert.AreEqual(DeviceKind.Gpu, b.Kind);
        Assert.IsFalse(b.HasUnifiedMemory);
        Assert.Contains("sm_89", b.Features);
        Assert.Contains("stream_priorities", b.Features);
        Assert.DoesNotContain("integrated", b.Features);
    }

    [TestMethod]
    public void Read_StubDriver_ReportsFactsWithTheirSource()
    {
        var facts = new CudaProbe(_nothing, _ => null).Read(StubDriver.Require()).Gpus[0].Info.Facts.ToDictionary(fact => fact.Name);

        Assert.AreEqual(new DeviceFact("compute capability", "8.9", "cuDeviceGetAttribute(75, 76)"), facts["compute capability"]);
        Assert.AreEqual("GPU-b0b1b2b3-b4b5-b6b7-b8b9-babbbcbdbebf", facts["uuid"].Value);
        Assert.AreEqual("0010:41:02.0", facts["pci address"].Value);
        Assert.AreEqual("128", facts["multiprocessors"].Value);
        Assert.AreEqual("2520 MHz", facts["clock"].Value);
        Assert.AreEqual("10501 MHz", facts["memory clock"].Value);
        Assert.AreEqual("384 bits", facts["memory bus"].Value);
        Assert.AreEqual("yes", facts["kernel time limit"].Value);
        Assert.AreEqual("default", facts["compute mode"].Value);
        Assert.AreEqual("95 °C", facts["slowdown temperature"].Value);
        Assert.AreEqual("350 W", facts["power limit"].Value);
        Assert.AreEqual("generation 1 of 4, lanes 8 of 16", facts["pci express"].Value);
        Assert.IsNull(facts["numa node"].Value);
    }

    [TestMethod]
    public void ReadStatus_StubDriver_IsInTheUnitsOfTheContract()
    {
        var gpu = new CudaProbe(_nothing, _ => null).Read(StubDriver.Require()).Gpus[0];

        var status = gpu.ReadStatus();

        Assert.AreEqual(DeviceHealth.Healthy, status.Health);
        Assert.AreEqual(0x0A00000000, status.FreeMemoryBytes);
        Assert.AreEqual(95, status.TemperatureLimitCelsius);
        Assert.AreEqual(215.5, status.PowerWatts);
        Assert.AreEqual(350, status.PowerLimitWatts);
        Assert.AreEqual(1.41e9, status.ClockHertz);
        Assert.IsFalse(status.IsThrottled, "an idle GPU is not throttled");
    }

    [TestMethod]
    [DataRow(0x1, false)]
    [DataRow(0x2, false)]
    [DataRow(0x4, true)]
    [DataRow(0x8, true)]
    [DataRow(0x10, false)]
    [DataRow(0x20, true)]
    [DataRow(0x40, true)]
    [DataRow(0x80, true)]
    [DataRow(0x100, false)]
    public void ReadStatus_ClockReason_IsThrottlingOrNot(int reason, bool expected)
    {
        var gpu = new CudaProbe(_nothing, _ => null).Read(StubDriver.Require()).Gpus[0];
        StubDriver.Set(StubDriver.Reasons, reason);

        Assert.AreEqual(expected, gpu.ReadStatus().IsThrottled);
    }

    [TestMethod]
    public void ReadStatus_GpuIsLost_IsFailed()
    {
        var gpu = new CudaProbe(_nothing, _ => null).Read(StubDriver.Require()).Gpus[0];
        StubDriver.Set(StubDriver.Query, NvmlResult.GpuIsLost);

        var status = gpu.ReadStatus();

        Assert.AreEqual(DeviceHealth.Failed, status.Health);
        Assert.IsNull(status.TemperatureCelsius);
        Assert.IsNull(status.IsThrottled);
    }

    [TestMethod]
    public void ReadStatus_NothingSupported_IsUnknown()
    {
        var folder = StubDriver.Require();
        StubDriver.Set(StubDriver.Query, NvmlResult.NotSupported);
        var gpu = new CudaProbe(_nothing, _ => null).Read(folder).Gpus[0];

        Assert.AreEqual(default, gpu.ReadStatus());
        Assert.AreEqual(0x13F0000000, gpu.Info.MemoryBytes, "from the driver");
        Assert.AreEqual("nvmlDeviceGetTemperatureThreshold: not supported", gpu.Info.Facts.Single(fact => fact.Name == "slowdown temperature").Source);
    }

    [TestMethod]
    public void Read_UnifiedMemory_CountsTheSystems()
    {
        using var tree = new TemporaryFolder().With("proc/meminfo", "MemTotal:       1000 kB\nMemFree: 5 kB\nMemAvailable:    400 kB\n");
        var folder = StubDriver.Require();
        StubDriver.Set(StubDriver.Integrated, 1);
        StubDriver.Set(StubDriver.Memory, NvmlResult.NotSupported);

        var gpu = new CudaProbe(new SystemFiles(tree.Path), _ => null).Read(folder).Gpus[0];

        Assert.IsTrue(gpu.Info.HasUnifiedMemory);
        Assert.AreEqual(1000 * 1024, gpu.Info.MemoryBytes);
        Assert.AreEqual(400 * 1024, gpu.ReadStatus().FreeMemoryBytes);
        Assert.IsNull(gpu.Info.Link, "nothing is copied over it");
    }

    [TestMethod]
    [DataRow(0, 1, 1, true, false, DisplayName = "coherent, with memory of its own")]
    [DataRow(0, 1, 1, false, true, DisplayName = "coherent, NVML knows no memory")]
    [DataRow(0, 1, 0, false, false, DisplayName = "pageable access by software")]
    [DataRow(1, 0, 0, false, true, DisplayName = "integrated")]
    public void Read_Coherence_IsNotYetUnifiedMemory(int integrated, int pageable, int hostTables, bool nvmlKnowsMemory, bool expected)
    {
        var gpu = new RecordedGpu
        {
            Attributes = new()
            {
                [CudaAttribute.Integrated] = integrated,
                [CudaAttribute.PageableMemoryAccess] = pageable,
                [CudaAttribute.PageableMemoryAccessUsesHostPageTables] = hostTables,
            },
        };
        if (nvmlKnowsMemory) gpu.Memory = new(0, new NvmlMemory { Total = 5, Free = 4, Used = 1 });

        Assert.AreEqual(expected, Probe([gpu], [gpu]).Gpus[0].Info.HasUnifiedMemory);
    }

    [TestMethod]
    public void ReadStatus_NoNvml_AsksTheDriverOnlyWhereAContextIs()
    {
        var driver = new RecordedDriver(new RecordedGpu());
        var gpu = new CudaProbe(_nothing, _ => null).Read(driver, nvml: null).Gpus[0];

        Assert.IsNull(gpu.ReadStatus().FreeMemoryBytes);
        driver.IsActive = true;
        Assert.AreEqual(1L << 30, gpu.ReadStatus().FreeMemoryBytes);
        Assert.AreEqual((0, 0), (driver.Retained, driver.Pushed));
        Assert.AreEqual(DeviceHealth.Unknown, gpu.ReadStatus().Health);
    }

    [TestMethod]
    public void Read_ExternalGpu_LinkIsTheNarrowestOfTheWay()
    {
        if (OperatingSystem.IsWindows()) Assert.Inconclusive("needs symbolic links");
        const string Bridge = "sys/devices/pci0000:00/0000:00:1c.0", Device = Bridge + "/0000:05:00.0";
        using var tree = new TemporaryFolder()
            .With($"{Bridge}/current_link_speed", "8.0 GT/s PCIe\n").With($"{Bridge}/current_link_width", "4\n")
            .With($"{Bridge}/max_link_speed", "8.0 GT/s PCIe\n").With($"{Bridge}/max_link_width", "4\n")
            .With($"{Device}/current_link_speed", "16.0 GT/s PCIe\n").With($"{Device}/current_link_width", "16\n")
            .With($"{Device}/max_link_speed", "16.0 GT/s PCIe\n").With($"{Device}/max_link_width", "16\n")
            .With($"{Device}/numa_node", "1\n")
            .WithLink("sys/bus/pci/devices/0000:05:00.0", "../../../devices/pci0000:00/0000:00:1c.0/0000:05:00.0");
        var gpu = new RecordedGpu { Address = "0000:05:00.0" };
        gpu.Numbers[NvmlNumber.MaxLinkGeneration] = 4;
        gpu.Numbers[NvmlNumber.MaxLinkLanes] = 16;
        gpu.Numbers[NvmlNumber.LinkLanes] = 2;

        var info = new CudaProbe(new SystemFiles(tree.Path), _ => null).Read(new RecordedDriver(gpu), new RecordedNvml(gpu)).Gpus[0].Info;

        Assert.AreEqual(new DeviceLink(3, 2, 3, 4), info.Link);
        Assert.AreEqual(1, info.NumaNode);
    }

    [TestMethod]
    public void Read_NumaNodeMinusOne_IsUnknown()
    {
        using var tree = new TemporaryFolder().With("sys/bus/pci/devices/0000:01:00.0/numa_node", "-1\n");

        Assert.IsNull(new CudaProbe(new SystemFiles(tree.Path), _ => null).Read(new RecordedDriver(new RecordedGpu()), null).Gpus[0].Info.NumaNode);
    }

    [TestMethod]
    public void Read_OldDriver_SaysWhichIsNeeded()
    {
        var found = new CudaProbe(_nothing, _ => null).Read(new RecordedDriver(new RecordedGpu()) { Version = 11040 }, null);

        Assert.IsEmpty(found.Gpus);
        Assert.Contains("CUDA 11.4", found.Problem!);
        Assert.Contains("CUDA 12.0 or later", found.Problem!);
    }

    [TestMethod]
    public void Read_NoGpuVisible_NamesTheVariableThatHidesThem()
    {
        var probe = new CudaProbe(_nothing, name => name == "CUDA_VISIBLE_DEVICES" ? "-1" : null);

        Assert.Contains("CUDA_VISIBLE_DEVICES is '-1'", probe.Read(new RecordedDriver(), null).Problem!);
        Assert.Contains("--gpus all", new CudaProbe(_nothing, _ => null).Read(new RecordedDriver(), null).Problem!);
    }

    [TestMethod]
    [DataRow(DriverFailure.NotLoaded, "is not installed")]
    [DataRow(CudaResult.NoDevice, "no GPU")]
    [DataRow(CudaResult.StubLibrary, "stubs")]
    [DataRow(CudaResult.SystemDriverMismatch, "words")]
    [DataRow(CudaResult.NotFound, "too old")]
    [DataRow(CudaResult.Unknown, "nvidia-smi")]
    public void DriverAdvice_EachFailure_SaysWhatToDo(int code, string expected)
    {
        var advice = DriverAdvice.For(new DriverFailure(code, "words"));

        Assert.Contains(expected, advice);
        Assert.Contains("words", advice);
    }

    [TestMethod]
    public void Read_NoDriver_SaysSo()
    {
        using var empty = new TemporaryFolder();

        var found = new CudaProbe(_nothing, _ => null).Read(empty.Path);

        Assert.IsEmpty(found.Gpus);
        Assert.Contains("the NVIDIA driver is not installed", found.Problem!);
    }

    [TestMethod]
    [DataRow("00000000:01:00.0", "0000:01:00.0")]
    [DataRow("0000:3B:1F.7", "0000:3b:1f.7")]
    [DataRow("00010000:01:00.0", "10000:01:00.0")]
    [DataRow("01:00.0", null)]
    [DataRow("x", null)]
    [DataRow(null, null)]
    public void PciAddress_Texts_AreCompared(string? text, string? expected) => Assert.AreEqual(expected, PciAddress.TryParse(text)?.ToString());

    [TestMethod]
    public void Read_SliceOfADividedGpu_HasItsOwnMemoryAndTheWholesTemperature()
    {
        Guid slice = Guid.NewGuid(), other = Guid.NewGuid();
        var whole = new RecordedGpu { Memory = new(0, new NvmlMemory { Total = 80, Free = 70, Used = 10 }), Temperature = new(0, 55), Slices = { new(other, new(0, new NvmlMemory { Total = 40 })), new(slice, new(0, new NvmlMemory { Total = 10, Free = 6, Used = 4 })) } };

        var gpu = new CudaProbe(new SystemFiles("/nonexistent"), _ => null).Read(new RecordedDriver(new RecordedGpu { Uuid = slice, TotalMemory = 9 }), new RecordedNvml(whole)).Gpus.Single();

        Assert.AreEqual(10, gpu.Info.MemoryBytes);
        Assert.AreEqual(6, gpu.ReadStatus().FreeMemoryBytes);
        Assert.AreEqual(55, gpu.ReadStatus().TemperatureCelsius);
    }

    [TestMethod]
    public void Read_SliceThatNvmlDoesNotShow_HasTheDriversMemory()
    {
        var whole = new RecordedGpu { Memory = new(0, new NvmlMemory { Total = 80, Free = 70, Used = 10 }), Temperature = new(0, 55) };

        var gpu = new CudaProbe(new SystemFiles("/nonexistent"), _ => null).Read(new RecordedDriver(new RecordedGpu { TotalMemory = 9 }), new RecordedNvml(whole)).Gpus.Single();

        Assert.AreEqual(9, gpu.Info.MemoryBytes);
        Assert.IsNull(gpu.ReadStatus().FreeMemoryBytes, "the memory of the whole is not its own, and asking the driver would cost a context");
        Assert.AreEqual(55, gpu.ReadStatus().TemperatureCelsius);
    }

    [TestMethod]
    [DataRow("2.5 GT/s PCIe", 1)]
    [DataRow("5.0 GT/s PCIe", 2)]
    [DataRow("8.0 GT/s", 3)]
    [DataRow("16.0 GT/s PCIe", 4)]
    [DataRow("32.0 GT/s PCIe", 5)]
    [DataRow("64.0 GT/s PCIe", 6)]
    [DataRow("Unknown", null)]
    public void PciLink_Speed_IsAGeneration(string speed, int? expected) => Assert.AreEqual(expected, PciLink.Generation(speed));

    private static GpuDiscovery Probe(IReadOnlyList<RecordedGpu> driver, IReadOnlyList<RecordedGpu> nvml) =>
        new CudaProbe(_nothing, _ => null).Read(new RecordedDriver(driver), new RecordedNvml(nvml));
}
