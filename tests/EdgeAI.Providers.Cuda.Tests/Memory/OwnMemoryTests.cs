using EdgeAI.Providers.Cuda.Interop;
using EdgeAI.Providers.Cuda.Memory;
using EdgeAI.Providers.Cuda.Tests.Interop;
using EdgeAI.Providers.Cuda.Tests.Probing;

namespace EdgeAI.Providers.Cuda.Tests.Memory;

[TestClass]
public sealed class OwnMemoryTests
{
    [TestMethod]
    public async Task CopyAsync_ThereAndBack_GoesThroughOneStreamAndIsDone()
    {
        var driver = new RecordedDriver(new RecordedGpu());
        using var memory = Create(driver);
        using var source = TensorValue.Create([1f, 2f, 3f], 3);
        using var target = TensorValue.Create(new float[3], 3);

        using (var first = TensorValue.Create(memory.Allocate(12), TensorElementType.Float32, 3))
        using (var second = TensorValue.Create(memory.Allocate(12), TensorElementType.Float32, 3))
        {
            Assert.IsFalse(first.IsHostAccessible);
            Assert.ThrowsExactly<InvalidOperationException>(() => first.AsSpan<float>());
            await memory.CopyAsync(source, first);
            await memory.CopyAsync(first, second);
            await memory.CopyAsync(second, target);
        }

        CollectionAssert.AreEqual(new[] { 1f, 2f, 3f }, target.AsSpan<float>().ToArray());
        CollectionAssert.AreEqual(
            new[]
            {
                "allocate on device 12", "allocate on device 12", "create 0", "copy 12 to device in 5000", "synchronize 5000",
                "copy 12 on device in 5000", "synchronize 5000", "copy 12 to host in 5000", "synchronize 5000", "free", "free",
            },
            driver.Calls);
        Assert.AreEqual((0, 0), (driver.Live, driver.Pushed));
    }

    [TestMethod]
    public void Dispose_AfterCopies_ReleasesTheContext()
    {
        var driver = new RecordedDriver(new RecordedGpu());
        var memory = Create(driver);
        using (var tensor = TensorValue.Create(memory.Allocate(4), TensorElementType.Float32, 1))
        using (var source = TensorValue.Create([1f], 1))
        {
            Assert.IsTrue(memory.CopyAsync(source, tensor).IsCompletedSuccessfully);
        }

        memory.Dispose();

        Assert.AreEqual((0, 0, 0), (driver.Retained, driver.Pushed, driver.Live));
        Assert.AreEqual("destroy 5000", driver.Calls[^1]);
    }

    [TestMethod]
    public void Allocate_DriverRefuses_IsOutOfMemoryAndLeavesNothing()
    {
        var driver = new RecordedDriver(new RecordedGpu()) { AllocationCode = CudaResult.OutOfMemory };
        using var memory = Create(driver);

        var error = Assert.ThrowsExactly<InsufficientMemoryException>(() => memory.Allocate(1 << 20));

        Assert.Contains("1048576 bytes (out of memory)", error.Message);
        Assert.AreEqual((0, 0), (driver.Retained, driver.Pushed));
    }

    [TestMethod]
    [DataRow(CudaResult.IllegalAddress, "Lost")]
    [DataRow(CudaResult.OutOfMemory, "OutOfMemory")]
    [DataRow(1, "None")]
    public void CopyAsync_DriverFails_SaysWhatTheDeviceJudges(int code, string fault)
    {
        var driver = new RecordedDriver(new RecordedGpu()) { CopyCode = code };
        using var memory = Create(driver);
        using var tensor = TensorValue.Create(memory.Allocate(4), TensorElementType.Float32, 1);
        using var source = TensorValue.Create([1f], 1);

        var error = Assert.ThrowsExactly<CudaException>(() => { _ = memory.CopyAsync(source, tensor); });

        Assert.AreEqual(code, error.Code);
        Assert.AreEqual(fault, EdgeAI.Providers.Cuda.Sessions.CudaFaults.Judge(error.Message).ToString());
        Assert.AreEqual(0, driver.Pushed);
    }

    [TestMethod]
    public void CopyAsync_WrongTensors_AreRefusedBeforeTheDriverIsAsked()
    {
        var driver = new RecordedDriver(new RecordedGpu());
        using var memory = Create(driver);
        using var tensor = TensorValue.Create(memory.Allocate(8), TensorElementType.Float32, 2);
        using var one = TensorValue.Create([1f], 1);
        using var fixedOnes = TensorValue.Create<float>((ReadOnlyMemory<float>)new[] { 1f, 1f }, 2);

        Assert.ThrowsExactly<InvalidInputException>(() => { _ = memory.CopyAsync(one, tensor); });
        Assert.ThrowsExactly<InvalidInputException>(() => { _ = memory.CopyAsync(tensor, fixedOnes); });
        Assert.IsFalse(driver.Calls.Exists(call => call.StartsWith("copy", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void FindDeviceAddress_OnlyItsOwnLivingBlocks()
    {
        var driver = new RecordedDriver(new RecordedGpu());
        using var memory = Create(driver);
        var block = memory.Allocate(1024);
        var address = block.Address;

        Assert.AreEqual(address, memory.FindDeviceAddress(address, 1024));
        Assert.AreEqual(address + 512, memory.FindDeviceAddress(address + 512, 512), "a slice");
        Assert.AreEqual(0, memory.FindDeviceAddress(address + 512, 513), "it ends behind the block");
        Assert.AreEqual(0, memory.FindDeviceAddress(address - 1, 1));
        block.Dispose();
        Assert.AreEqual(0, memory.FindDeviceAddress(address, 1));
    }

    [TestMethod]
    [DoNotParallelize]
    public void StubDriver_ManyThreads_LeaveNoBlockAndNoContext()
    {
        var driver = CudaDriver.TryLoad(StubDriver.Require(), out _)!;
        using (var memory = new OwnMemory(driver, 100, () => throw new NotSupportedException()))
        {
            Parallel.For(0, 200, i =>
            {
                using var block = TensorValue.Create(memory.Allocate(64), TensorElementType.Int64, 8);
            });
            using var tensor = TensorValue.Create(memory.Allocate(64), TensorElementType.Int64, 8);
            using var source = TensorValue.Create(new long[] { 1, 2, 3, 4, 5, 6, 7, 8 }, 8);
            using var target = TensorValue.Create(new long[8], 8);
            Assert.IsTrue(memory.CopyAsync(source, tensor).IsCompletedSuccessfully);
            Assert.IsTrue(memory.CopyAsync(tensor, target).IsCompletedSuccessfully);
            CollectionAssert.AreEqual(source.AsSpan<long>().ToArray(), target.AsSpan<long>().ToArray());
            Assert.AreEqual(1, StubDriver.Get(5), "live blocks");
        }

        Assert.AreEqual((0, 0, 0, 0, 0), (StubDriver.Get(0), StubDriver.Get(1), StubDriver.Get(4), StubDriver.Get(5), StubDriver.Get(6)), "retained, pushed, streams, live blocks, bad frees");
    }

    private static OwnMemory Create(RecordedDriver driver) => new(driver, 0, () => throw new NotSupportedException());
}
