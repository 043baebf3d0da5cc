using EdgeAI.Providers.Cuda.Interop;
using EdgeAI.Providers.Cuda.Memory;
using EdgeAI.Providers.Cuda.Tests.Probing;

namespace EdgeAI.Providers.Cuda.Tests.Memory;

[TestClass]
public sealed class PinnedMemoryTests
{
    [TestMethod]
    public async Task Allocate_Block_HoldsATensorAndIsFreedWithItsLastReference()
    {
        var driver = new RecordedDriver(new RecordedGpu());
        var memory = new PinnedMemory(driver, 0);
        Assert.IsTrue(memory.IsHostAccessible);

        using (var tensor = TensorValue.Create(memory.Allocate(8), TensorElementType.Float32, 2))
        using (var source = TensorValue.Create([1f, 2f], 2))
        {
            await memory.CopyAsync(source, tensor);

            CollectionAssert.AreEqual(new[] { 1f, 2f }, tensor.AsSpan<float>().ToArray());
            Assert.AreEqual((1, 0), (driver.Retained, driver.Pushed), "the context lives as long as the block");
        }

        CollectionAssert.AreEqual(new[] { "allocate 8", "free" }, driver.Calls);
        Assert.AreEqual((0, 0), (driver.Retained, driver.Pushed));
    }

    [TestMethod]
    public void Allocate_NoBytes_AsksForOne()
    {
        var driver = new RecordedDriver(new RecordedGpu());

        using var buffer = new PinnedMemory(driver, 0).Allocate(0);

        Assert.AreEqual(0u, buffer.ByteLength);
        Assert.AreEqual("allocate 1", driver.Calls[0]);
    }

    [TestMethod]
    public void Allocate_DriverRefuses_GivesOrdinaryMemory()
    {
        var driver = new RecordedDriver(new RecordedGpu()) { HostCode = CudaResult.OutOfMemory };

        using var buffer = new PinnedMemory(driver, 0).Allocate(16);

        Assert.IsInstanceOfType<NativeBuffer>(buffer);
        Assert.AreEqual((0, 0), (driver.Retained, driver.Pushed));
    }
}
