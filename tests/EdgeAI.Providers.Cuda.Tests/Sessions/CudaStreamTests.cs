using EdgeAI.Providers.Cuda.Interop;
using EdgeAI.Providers.Cuda.Sessions;
using EdgeAI.Providers.Cuda.Tests.Probing;

namespace EdgeAI.Providers.Cuda.Tests.Sessions;

[TestClass]
public sealed class CudaStreamTests
{
    [TestMethod]
    [DataRow(CudaStreamPriority.Highest, "create -5")]
    [DataRow(CudaStreamPriority.Lowest, "create 0")]
    public void TryCreate_Priority_IsTheEndOfTheDriversRange(CudaStreamPriority priority, string expected)
    {
        var driver = new RecordedDriver(new RecordedGpu());

        using var stream = CudaStream.TryCreate(driver, 0, priority, out var code);

        Assert.AreEqual(0, code);
        Assert.AreEqual(0x5000, stream!.Handle);
        CollectionAssert.AreEqual(new[] { expected }, driver.Calls);
        Assert.AreEqual((1, 0), (driver.Retained, driver.Pushed), "the context lives as long as the stream, and is not left current");
    }

    [TestMethod]
    public void Dispose_Twice_DestroysOnce()
    {
        var driver = new RecordedDriver(new RecordedGpu());
        var stream = CudaStream.TryCreate(driver, 0, CudaStreamPriority.Highest, out _)!;

        stream.Dispose();
        stream.Dispose();

        CollectionAssert.AreEqual(new[] { "create -5", "destroy 5000" }, driver.Calls);
        Assert.AreEqual((0, 0), (driver.Retained, driver.Pushed));
    }

    [TestMethod]
    public void TryCreate_DriverRefuses_LeavesNothing()
    {
        var driver = new RecordedDriver(new RecordedGpu()) { StreamCode = CudaResult.OutOfMemory };

        Assert.IsNull(CudaStream.TryCreate(driver, 0, CudaStreamPriority.Lowest, out var code));

        Assert.AreEqual(CudaResult.OutOfMemory, code);
        Assert.AreEqual((0, 0), (driver.Retained, driver.Pushed));
    }
}
