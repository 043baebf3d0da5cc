using EdgeAI.Providers.Cuda.Interop;

namespace EdgeAI.Providers.Cuda.Tests.Interop;

/// <summary>The calls of the CUDA driver API against a C compiler's reading of them.</summary>
[TestClass]
[DoNotParallelize]
public sealed class CudaAbiTests
{
    private const int Retained = 0, Pushed = 1, Priority = 2, Flags = 3, Streams = 4;

    [TestMethod]
    public void Driver_EveryQuery_GivesTheKnownAnswer()
    {
        StubDriver.Require();
        var driver = Load();
        var device = driver.GetDevice(0).Value;

        Assert.AreEqual(12080, driver.GetVersion().Value);
        Assert.AreEqual(2, driver.GetDeviceCount().Value);
        Assert.AreEqual(100, device);
        Assert.AreEqual(CudaResult.InvalidDevice, driver.GetDevice(2).Code);
        Assert.AreEqual("Stub GPU B", driver.GetName(device).Value);
        Assert.AreEqual("b0b1b2b3-b4b5-b6b7-b8b9-babbbcbdbebf", driver.GetUuid(device).Value.ToString(), "the bytes are in NVML's order");
        Assert.AreEqual("0010:41:02.0", driver.GetPciBusId(device).Value);
        Assert.AreEqual(0x13F0000000, driver.GetTotalMemory(device).Value);
        Assert.AreEqual(128, driver.GetAttribute(device, CudaAttribute.MultiprocessorCount).Value);
        Assert.AreEqual(8, driver.GetAttribute(device, CudaAttribute.ComputeCapabilityMajor).Value);
        Assert.AreEqual(9, driver.GetAttribute(device, CudaAttribute.ComputeCapabilityMinor).Value);
        Assert.AreEqual(10501000, driver.GetAttribute(device, CudaAttribute.MemoryClockRate).Value);
        Assert.AreEqual(CudaResult.InvalidDevice, driver.GetAttribute(0, CudaAttribute.Integrated).Code);
    }

    [TestMethod]
    public void Driver_Context_IsCurrentUntilDisposed()
    {
        StubDriver.Require();
        var driver = Load();
        Assert.IsFalse(driver.GetFreeMemory().IsOk, "no context yet");

        using (var context = CudaContext.TryEnter(driver, 100, out var code))
        {
            Assert.IsNotNull(context);
            Assert.AreEqual(0, code);
            Assert.AreEqual((1, 1), (StubDriver.Get(Retained), StubDriver.Get(Pushed)));
            Assert.AreEqual(0x0B00000000, driver.GetFreeMemory().Value);
            Assert.AreEqual((0, -5), driver.GetStreamPriorityRange().Value);
        }

        Assert.AreEqual((0, 0), (StubDriver.Get(Retained), StubDriver.Get(Pushed)));
    }

    [TestMethod]
    public void Driver_Stream_GetsPriorityAndFlags()
    {
        StubDriver.Require();
        var driver = Load();
        using var context = CudaContext.TryEnter(driver, 100, out _);

        var stream = driver.CreateStream(-5);

        Assert.IsTrue(stream.IsOk);
        Assert.AreEqual((-5, 1, 1), (StubDriver.Get(Priority), StubDriver.Get(Flags), StubDriver.Get(Streams)));
        Assert.AreEqual(0, driver.DestroyStream(stream.Value));
        Assert.AreEqual(0, StubDriver.Get(Streams));
    }

    [TestMethod]
    public void Driver_HostMemory_IsWritable()
    {
        StubDriver.Require();
        var driver = Load();
        using var context = CudaContext.TryEnter(driver, 100, out _);

        var memory = driver.AllocateHost(256);
        System.Runtime.InteropServices.Marshal.WriteInt64(memory.Value + 248, 42);

        Assert.AreEqual(3, StubDriver.Get(Flags), "portable and mapped");
        Assert.AreEqual(0, driver.FreeHost(memory.Value));
        Assert.AreEqual(CudaResult.OutOfMemory, driver.AllocateHost(1 << 20).Code);
    }

    [TestMethod]
    [DataRow(CudaResult.NoDevice)]
    [DataRow(CudaResult.SystemDriverMismatch)]
    [DataRow(CudaResult.StubLibrary)]
    public void TryLoad_InitializationFails_GivesTheCode(int code)
    {
        StubDriver.Require();
        StubDriver.Set(StubDriver.Init, code);

        Assert.IsNull(CudaDriver.TryLoad(StubDriver.Folder, out var failure));
        Assert.AreEqual(code, failure!.Code);
        Assert.Contains(CudaResult.Describe(code), failure.Message);
    }

    [TestMethod]
    public void TryLoad_NoLibrary_GivesTheLoadersWords()
    {
        using var empty = new TemporaryFolder();

        Assert.IsNull(CudaDriver.TryLoad(empty.Path, out var failure));
        Assert.AreEqual(DriverFailure.NotLoaded, failure!.Code);
        Assert.Contains(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1", failure.Message);
    }

    private static CudaDriver Load() => CudaDriver.TryLoad(StubDriver.Folder, out _)!;
}
