using EdgeAI.Devices;
using EdgeAI.OnnxRuntime;
using EdgeAI.Providers.Cuda.Interop;
using EdgeAI.Providers.Cuda.Memory;
using EdgeAI.Providers.Cuda.Tests.Interop;
using EdgeAI.Providers.Cuda.Tests.Probing;

namespace EdgeAI.Providers.Cuda.Tests.Memory;

[TestClass]
public sealed class UnifiedMemoryTests
{
    private static readonly InPlaceAccess _mapped = new(BlockKind.Host, IncludesAny: false), _managed = new(BlockKind.Managed, IncludesAny: false), _any = new(BlockKind.Host, IncludesAny: true);

    // Attributes by their numbers in cuda.h; what is not named is not supported.
    [TestMethod]
    [DataRow("integrated, older Jetson", true, "19 83", "page-locked and mapped")]
    [DataRow("integrated, all of it", true, "19 83 88 89 100", "page-locked and mapped, and any that is aligned")]
    [DataRow("no mapping, concurrent managed access", true, "83 89", "managed")]
    [DataRow("no mapping, the host must wait for kernels", true, "83", null)]
    [DataRow("pageable, but by the GPU's own tables", true, "19 88", "page-locked and mapped")]
    [DataRow("memory of its own", false, "19 83 88 89 100", null)]
    [DataRow("unknown", null, "19 83", null)]
    public void Judge_Attributes_DecideHow(string name, bool? isUnified, string supported, string? expected)
    {
        var attributes = supported.Split(' ').Select(int.Parse).ToHashSet();

        Assert.AreEqual(expected, InPlaceAccess.Judge(isUnified, attribute => attributes.Contains((int)attribute) ? 1 : 0)?.ToString(), name);
    }

    [TestMethod]
    public void FindDeviceAddress_MappedBlock_IsTheGpusAddress()
    {
        var driver = new RecordedDriver(new RecordedGpu()) { MapOffset = 1 << 20 };
        var memory = Create(driver, _mapped);
        using var block = memory.Allocate(1024);

        Assert.IsTrue(block.IsHostAccessible);
        Assert.AreEqual(block.Address + (1 << 20), memory.FindDeviceAddress(block.Address, 1024));
        Assert.AreEqual(block.Address + 256 + (1 << 20), memory.FindDeviceAddress(block.Address + 256, 8), "a row of a batch");
        Assert.AreEqual(0, memory.FindDeviceAddress(block.Address + 4, 8), "kernels may load whole vectors: it is copied");
    }

    [TestMethod]
    public void FindDeviceAddress_FreedBlock_IsNobodys()
    {
        var memory = Create(new RecordedDriver(new RecordedGpu()), _mapped);
        var block = memory.Allocate(1024);
        var address = block.Address;
        block.Dispose();

        Assert.AreEqual(0, memory.FindDeviceAddress(address, 8));
    }

    [TestMethod]
    public void FindDeviceAddress_OrdinaryMemory_OnlyWhereTheGpuUsesAny()
    {
        using var ordinary = new NativeBuffer(512, alignment: 256);

        Assert.AreEqual(0, Create(new RecordedDriver(new RecordedGpu()), _mapped).FindDeviceAddress(ordinary.Address, 256));
        Assert.AreEqual(ordinary.Address, Create(new RecordedDriver(new RecordedGpu()), _any).FindDeviceAddress(ordinary.Address, 256));
        Assert.AreEqual(0, Create(new RecordedDriver(new RecordedGpu()), _any).FindDeviceAddress(ordinary.Address + 64, 256), "not aligned as kernels expect");
    }

    [TestMethod]
    public void Allocate_Managed_IsFreedLikeIt()
    {
        var driver = new RecordedDriver(new RecordedGpu());

        Create(driver, _managed).Allocate(16).Dispose();

        CollectionAssert.AreEqual(new[] { "allocate managed 16", "free" }, driver.Calls);
        Assert.AreEqual((0, 0, 0), (driver.Live, driver.Retained, driver.Pushed));
    }

    [TestMethod]
    public void Allocate_DriverRefuses_GivesOrdinaryMemory()
    {
        var driver = new RecordedDriver(new RecordedGpu()) { HostCode = CudaResult.OutOfMemory };
        var memory = Create(driver, _mapped);

        using var buffer = memory.Allocate(16);

        Assert.IsInstanceOfType<NativeBuffer>(buffer);
        Assert.AreEqual(0, memory.FindDeviceAddress(buffer.Address, 16));
        Assert.AreEqual((0, 0), (driver.Retained, driver.Pushed));
    }

    [TestMethod]
    [DoNotParallelize]
    public void StubDriver_MappedBlocks_AreFreedExactlyOnceFromAnyThread()
    {
        var driver = CudaDriver.TryLoad(StubDriver.Require(), out _)!;
        var memory = new UnifiedMemory(driver, 100, _mapped, () => throw new NotSupportedException());
        var block = memory.Allocate(64);
        Assert.AreEqual(block.Address + unchecked((nint)0x100000000000), memory.FindDeviceAddress(block.Address, 64));

        var other = new Thread(block.Dispose);
        other.Start();
        other.Join();
        block.Dispose();
        StubDriver.Set(StubDriver.Alloc, CudaResult.OutOfMemory);
        using (var ordinary = memory.Allocate(64)) Assert.IsInstanceOfType<NativeBuffer>(ordinary);

        Assert.AreEqual((0, 0, 0), (StubDriver.Get(0), StubDriver.Get(5), StubDriver.Get(6)), "retained, live blocks, bad frees");
    }

    private static UnifiedMemory Create(RecordedDriver driver, InPlaceAccess access) => new(driver, 0, access, () => throw new NotSupportedException());
}
