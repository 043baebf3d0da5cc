using EdgeAI.Devices;
using Microsoft.Extensions.Time.Testing;

namespace EdgeAI.Testing.Tests.Faults;

[TestClass]
public sealed class SimulatedFaultsTests : IDisposable
{
    private readonly SimulatedDevice _device = new("sim:0");

    public void Dispose() => _device.Dispose();

    [TestMethod]
    public async Task OnRun_NumberedRun_FailsAndOnlyThat()
    {
        _device.Faults.OnRun(3, SimulatedFault.DeviceFault);
        CollectionAssert.AreEqual(new[] { 3 }, await RunManyAsync(5));
        Assert.AreEqual(4, _device.Statistics.RunsCompleted);
        Assert.AreEqual(1, _device.Statistics.RunsFailed);
    }

    [TestMethod]
    public async Task EveryRuns_Period_FailsEachMultiple()
    {
        _device.Faults.EveryRuns(3, SimulatedFault.DeviceFault);
        CollectionAssert.AreEqual(new[] { 3, 6, 9 }, await RunManyAsync(10));
    }

    [TestMethod]
    public async Task OnRun_NoneOverAPeriod_SparesThatRun()
    {
        _device.Faults.EveryRuns(2, SimulatedFault.DeviceFault);
        _device.Faults.OnRun(4, SimulatedFault.None);
        CollectionAssert.AreEqual(new[] { 2, 6 }, await RunManyAsync(6));
    }

    [TestMethod]
    public async Task Always_SwitchedOnAndOff_FailsWhileOn()
    {
        _device.Faults.Always = SimulatedFault.DeviceFault;
        CollectionAssert.AreEqual(new[] { 1, 2 }, await RunManyAsync(2));
        _device.Faults.Clear();
        CollectionAssert.AreEqual(Array.Empty<int>(), await RunManyAsync(2));
    }

    [TestMethod]
    public async Task OutOfMemory_AtRun_IsTheCauseOfADeviceFault()
    {
        _device.Faults.Always = SimulatedFault.OutOfMemory;
        await using var session = await Simulation.OpenAsync(_device);
        using var binding = Simulation.Bind(session, rows: 1);
        var fault = await Assert.ThrowsExactlyAsync<DeviceFaultException>(() => binding.RunAsync().AsTask());
        Assert.IsInstanceOfType<OutOfMemoryException>(fault.InnerException);
    }

    [TestMethod]
    public async Task Hang_Released_GoesOnSoundly()
    {
        _device.Faults.OnRun(1, SimulatedFault.Hang);
        await using var session = await Simulation.OpenAsync(_device);
        using var binding = session.CreateBinding();
        binding.SetInput(0, Simulation.Rows(1, 2, 3));
        var run = binding.RunAsync().AsTask();
        await _device.WhenAsync(s => s.Waiting == 1);
        Assert.IsFalse(run.IsCompleted);

        _device.Faults.ReleaseHung();
        await run;

        using var output = binding.GetOutput(0);
        CollectionAssert.AreEqual(new float[] { 1, 2, 3 }, output.AsSpan<float>().ToArray());
    }

    [TestMethod]
    public async Task Hang_Cancelled_Throws()
    {
        _device.Faults.OnRun(1, SimulatedFault.Hang);
        await using var session = await Simulation.OpenAsync(_device);
        using var binding = Simulation.Bind(session, rows: 1);
        using var source = new CancellationTokenSource();
        var run = binding.RunAsync(source.Token).AsTask();
        await source.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => run);
    }

    [TestMethod]
    public async Task Stuck_Cancelled_StaysUntilReleased()
    {
        _device.Faults.OnRun(1, SimulatedFault.Stuck);
        await using var session = await Simulation.OpenAsync(_device);
        using var binding = Simulation.Bind(session, rows: 1);
        using var source = new CancellationTokenSource();
        var run = binding.RunAsync(source.Token).AsTask();
        await source.CancelAsync();
        Assert.IsFalse(run.IsCompleted);
        Assert.AreEqual(1, _device.Statistics.Waiting);

        _device.Faults.ReleaseHung();
        await run;
    }

    [TestMethod]
    public async Task Lost_AtARun_IsForGood()
    {
        _device.Faults.OnRun(2, SimulatedFault.Lost);
        CollectionAssert.AreEqual(new[] { 2, 3, 4 }, await RunManyAsync(4));
        Assert.AreEqual(DeviceHealth.Failed, _device.GetStatus().Health);
        _device.Faults.Clear();
        await Assert.ThrowsExactlyAsync<DeviceFaultException>(() => Simulation.OpenAsync(_device));
    }

    [TestMethod]
    public async Task Lose_WhileARunWaits_FailsItWhenItsTimeIsUp()
    {
        var time = new FakeTimeProvider();
        var device = new SimulatedDevice("sim:0", new() { Latency = LatencyCurve.Constant(TimeSpan.FromSeconds(1)) }, time);
        await using var session = await Simulation.OpenAsync(device);
        using var binding = Simulation.Bind(session, rows: 1);
        var run = binding.RunAsync().AsTask();
        device.Lose();
        time.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsExactlyAsync<DeviceFaultException>(() => run);
    }

    [TestMethod]
    public async Task WrongLength_OwnOutput_IsOneRowLonger()
    {
        _device.Faults.OnRun(1, SimulatedFault.WrongLength);
        await using var session = await Simulation.OpenAsync(_device);
        using var binding = Simulation.Bind(session, rows: 2);
        await binding.RunAsync();
        using var output = binding.GetOutput(0);
        CollectionAssert.AreEqual(new nint[] { 3, 3 }, output.Lengths.ToArray());
    }

    [TestMethod]
    public async Task WrongLength_BoundOutput_IsADeviceFault()
    {
        _device.Faults.OnRun(1, SimulatedFault.WrongLength);
        await using var session = await Simulation.OpenAsync(_device);
        using var binding = Simulation.Bind(session, rows: 2);
        using var output = Simulation.Rows(new float[6]);
        binding.SetOutput(0, output);
        await Assert.ThrowsExactlyAsync<DeviceFaultException>(() => binding.RunAsync().AsTask());
    }

    [TestMethod]
    public async Task Garbage_Run_IsReproducibleAndUnlikeTheAnswer()
    {
        async Task<byte[]> OutputOf(int seed)
        {
            var device = new SimulatedDevice("sim:0", new() { Seed = seed });
            device.Faults.OnRun(1, SimulatedFault.Garbage);
            await using var session = await Simulation.OpenAsync(device);
            using var binding = Simulation.Bind(session, rows: 100);
            await binding.RunAsync();
            using var output = binding.GetOutput(0);
            return TensorBytes.Of(output).ToArray();
        }

        var first = await OutputOf(seed: 1);
        CollectionAssert.AreEqual(first, await OutputOf(seed: 1));
        CollectionAssert.AreNotEqual(first, await OutputOf(seed: 2));
        Assert.IsGreaterThan(200, first.Distinct().Count(), "1,200 random bytes show nearly all of the 256 values.");
    }

    [TestMethod]
    public async Task OnOpening_NumberedOpening_FailsAndOnlyThat()
    {
        _device.Faults.OnOpening(2, SimulatedFault.DeviceFault);
        await using var first = await Simulation.OpenAsync(_device);
        await Assert.ThrowsExactlyAsync<DeviceFaultException>(() => Simulation.OpenAsync(_device));
        await using var third = await Simulation.OpenAsync(_device);
        Assert.AreEqual(2, _device.Statistics.OpenSessions);
        Assert.AreEqual(3, _device.Statistics.Openings);
    }

    [TestMethod]
    public void OnOpening_FaultOfOutputs_Throws()
    {
        Assert.ThrowsExactly<ArgumentException>(() => _device.Faults.OnOpening(1, SimulatedFault.Garbage));
        Assert.ThrowsExactly<ArgumentException>(() => _device.Faults.AlwaysAtOpening = SimulatedFault.WrongLength);
    }

    private async Task<int[]> RunManyAsync(int runs)
    {
        await using var session = await Simulation.OpenAsync(_device);
        using var binding = Simulation.Bind(session, rows: 1);
        var failed = new List<int>();
        for (var run = 1; run <= runs; run++)
        {
            try
            {
                await binding.RunAsync();
            }
            catch (DeviceFaultException)
            {
                failed.Add(run);
            }
        }

        return [.. failed];
    }
}
