using EdgeAI.Providers.Cuda.Interop;

namespace EdgeAI.Providers.Cuda.Tests.Interop;

/// <summary>The calls of the CUDA driver API against a C compiler's reading of them.</summary>
[TestClass]
[DoNotParallelize]
public sealed class CudaAbiTests
{
    private const int Retained = 0, Pushed = 1, Priority = 2, Flags = 3, Streams = 4, LiveBlocks = 5, BadFrees = 6, PendingCopies = 7;

    private const int InvalidValue = 1;

    private static readonly nint _mapOffset = unchecked((nint)0x100000000000);

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
        Assert.AreEqual(memory.Value + _mapOffset, driver.GetDeviceAddress(memory.Value).Value);
        Assert.AreEqual(0, driver.FreeHost(memory.Value));
        Assert.AreEqual(InvalidValue, driver.GetDeviceAddress(memory.Value).Code, "it is gone");
        Assert.AreEqual(CudaResult.OutOfMemory, driver.AllocateHost(1 << 20).Code);
        Assert.AreEqual((0, 0), (StubDriver.Get(LiveBlocks), StubDriver.Get(BadFrees)));
    }

    [TestMethod]
    public void Driver_ManagedMemory_IsAttachedGloballyAndFreedLikeTheDevices()
    {
        StubDriver.Require();
        var driver = Load();
        using var context = CudaContext.TryEnter(driver, 100, out _);

        var memory = driver.AllocateManaged(256);
        System.Runtime.InteropServices.Marshal.WriteInt64(memory.Value + 248, 42);

        Assert.AreEqual(1, StubDriver.Get(Flags), "CU_MEM_ATTACH_GLOBAL");
        Assert.AreEqual(InvalidValue, driver.FreeHost(memory.Value), "it is no host memory");
        Assert.AreEqual(0, driver.Free(memory.Value));
        Assert.AreEqual((0, 1), (StubDriver.Get(LiveBlocks), StubDriver.Get(BadFrees)));
    }

    [TestMethod]
    public unsafe void Driver_Copies_AreThereOnceSynchronized()
    {
        StubDriver.Require();
        var driver = Load();
        using var context = CudaContext.TryEnter(driver, 100, out _);
        var stream = driver.CreateStream(0).Value;
        nint first = driver.AllocateDevice(4096).Value, second = driver.AllocateDevice(64).Value;
        long source = 0x1122334455667788, target = 0;

        Assert.AreEqual(0, driver.CopyToDevice(first + 4088, (nint)(&source), 8, stream));
        Assert.AreEqual(0, driver.CopyOnDevice(second + 8, first + 4088, 8, stream));
        Assert.AreEqual(0, driver.CopyToHost((nint)(&target), second + 8, 8, stream));
        Assert.AreEqual((3, 0L), (StubDriver.Get(PendingCopies), target));
        Assert.AreEqual(0, driver.Synchronize(stream));

        Assert.AreEqual(source, target);
        Assert.AreEqual(CudaResult.OutOfMemory, driver.AllocateDevice(4097).Code);
        Assert.AreEqual((0, 0, 0), (driver.Free(first), driver.Free(second), driver.DestroyStream(stream)));
        Assert.AreEqual((0, 0), (StubDriver.Get(LiveBlocks), StubDriver.Get(BadFrees)));
    }

    [TestMethod]
    public void Driver_NoContextOnTheThread_AllocatesAndCopiesNothing()
    {
        StubDriver.Require();
        var driver = Load();
        using var context = CudaContext.TryEnter(driver, 100, out _);
        int[] codes = [];

        var other = new Thread(() => codes = [driver.AllocateHost(8).Code, driver.AllocateManaged(8).Code, driver.AllocateDevice(8).Code, driver.CopyToHost(0, 0, 8, 0), driver.Synchronize(0)]);
        other.Start();
        other.Join();

        Assert.AreEqual(201, codes[0]);
        Assert.IsTrue(codes.All(code => code != 0), "a context is current on one thread only");
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
