using EdgeAI.Devices;

namespace EdgeAI.Testing.Tests.Devices;

[TestClass]
public sealed class SimulatedAllocationTests
{
    [TestMethod]
    public async Task RunAsync_EchoIntoBoundOutput_AllocatesNothing()
    {
        var device = new SimulatedDevice("sim:0");
        await using var session = await Simulation.OpenAsync(device);
        using var binding = Simulation.Bind(session, rows: 8);
        using var output = Simulation.Rows(new float[24]);
        binding.SetOutput(0, output);
        for (var i = 0; i < 2000; i++) await binding.RunAsync();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) binding.RunAsync().GetAwaiter().GetResult();
        Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
