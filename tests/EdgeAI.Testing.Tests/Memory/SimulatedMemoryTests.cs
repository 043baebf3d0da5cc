using EdgeAI.Devices;

namespace EdgeAI.Testing.Tests.Memory;

[TestClass]
public sealed class SimulatedMemoryTests
{
    [TestMethod]
    public void Allocate_OverTheLimit_ThrowsUntilSomethingIsFreed()
    {
        var device = new SimulatedDevice("sim:0", new() { MemoryBytes = 1000 });
        var first = device.Memory.Allocate(600);
        Assert.ThrowsExactly<OutOfMemoryException>(() => device.Memory.Allocate(401));
        Assert.AreEqual(400, device.GetStatus().FreeMemoryBytes);

        first.Dispose();
        using var second = device.Memory.Allocate(1000);

        var counts = device.Statistics;
        Assert.AreEqual(1000, counts.LiveBytes);
        Assert.AreEqual(1000, counts.PeakBytes);
        Assert.AreEqual(1600, counts.AllocatedBytes);
        Assert.AreEqual(1, counts.LiveBuffers);
    }

    [TestMethod]
    public async Task OpenSessionAsync_Weights_TakeMemoryWhileTheSessionIsOpen()
    {
        var device = new SimulatedDevice("sim:0", new() { MemoryBytes = 1000 });
        var model = ModelDescriptors.Create("heavy", Simulation.EchoModel.Signature, weightBytes: 700);
        await using (var session = await Simulation.OpenAsync(device, model))
        {
            Assert.AreEqual(700, device.Statistics.LiveBytes);
            var fault = await Assert.ThrowsExactlyAsync<DeviceFaultException>(() => Simulation.OpenAsync(device, model));
            Assert.IsInstanceOfType<OutOfMemoryException>(fault.InnerException);
        }

        Assert.AreEqual(0, device.Statistics.LiveBytes);
    }

    [TestMethod]
    public async Task RunAsync_OutputDoesNotFit_IsADeviceFaultAndLeavesNothing()
    {
        var device = new SimulatedDevice("sim:0", new() { MemoryBytes = 100 });
        await using var session = await Simulation.OpenAsync(device);
        using var binding = Simulation.Bind(session, rows: 9);
        var fault = await Assert.ThrowsExactlyAsync<DeviceFaultException>(() => binding.RunAsync().AsTask());
        Assert.IsInstanceOfType<OutOfMemoryException>(fault.InnerException);
        Assert.AreEqual(0, device.Statistics.LiveBuffers);
    }

    [TestMethod]
    public async Task RunAsync_OutputsNotTaken_AreFreed()
    {
        var device = new SimulatedDevice("sim:0");
        await using var session = await Simulation.OpenAsync(device);
        var binding = Simulation.Bind(session, rows: 2);
        for (var i = 0; i < 10; i++) await binding.RunAsync();
        Assert.AreEqual(1, device.Statistics.LiveBuffers);
        binding.Dispose();
        Assert.AreEqual(0, device.Statistics.LiveBuffers);
    }

    [TestMethod]
    public async Task SetInput_HostTensorOnDeviceMemory_IsRefused()
    {
        var device = new SimulatedDevice("sim:0", new() { IsHostAccessible = false });
        await using var session = await Simulation.OpenAsync(device);
        using var binding = session.CreateBinding();
        var error = Assert.ThrowsExactly<InvalidInputException>(() => binding.SetInput(0, Simulation.Rows(1, 2, 3)));
        StringAssert.Contains(error.Message, "IDeviceSession.Memory");
    }

    [TestMethod]
    public async Task Compute_DeviceMemory_DelegateSeesTheElements()
    {
        var device = new SimulatedDevice("sim:0", new()
        {
            IsHostAccessible = false,
            Compute = inputs => [TensorValue.Create(inputs[0].AsSpan<float>().ToArray().Select(x => -x).ToArray(), inputs[0].Lengths)],
        });
        await using var session = await Simulation.OpenAsync(device);
        using var host = Simulation.Rows(1, 2, 3);
        using var input = TensorValue.Create(device.Memory.Allocate(12), TensorElementType.Float32, 1, 3);
        await device.Memory.CopyAsync(host, input);
        using var binding = session.CreateBinding();
        binding.SetInput(0, input);
        await binding.RunAsync();

        using var output = binding.GetOutput(0);
        Assert.IsFalse(output.IsHostAccessible);
        await device.Memory.CopyAsync(output, host);
        CollectionAssert.AreEqual(new float[] { -1, -2, -3 }, host.AsSpan<float>().ToArray());
    }
}
