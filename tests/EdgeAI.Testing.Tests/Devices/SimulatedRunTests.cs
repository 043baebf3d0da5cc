using EdgeAI.Devices;
using Microsoft.Extensions.Time.Testing;

namespace EdgeAI.Testing.Tests.Devices;

[TestClass]
public sealed class SimulatedRunTests
{
    private readonly FakeTimeProvider _time = new();

    [TestMethod]
    public async Task RunAsync_NoLatency_CompletesOnTheCallersThread()
    {
        var device = new SimulatedDevice("sim:0");
        await using var session = await Simulation.OpenAsync(device);
        using var binding = session.CreateBinding();
        binding.SetInput(0, Simulation.Rows(1, 2, 3, 4, 5, 6));

        var run = binding.RunAsync();

        Assert.IsTrue(run.IsCompletedSuccessfully);
        using var output = binding.GetOutput(0);
        CollectionAssert.AreEqual(new float[] { 1, 2, 3, 4, 5, 6 }, output.AsSpan<float>().ToArray());
    }

    [TestMethod]
    public async Task RunAsync_BatchOfFour_TakesTheCurvesTimeToTheTick()
    {
        var latency = LatencyCurve.Linear(TimeSpan.FromMicroseconds(30), TimeSpan.FromMicroseconds(0.5));
        var device = new SimulatedDevice("sim:0", new() { Latency = latency }, _time);
        await using var session = await Simulation.OpenAsync(device);
        using var binding = Simulation.Bind(session, rows: 4);

        var run = binding.RunAsync().AsTask();
        _time.Advance(TimeSpan.FromTicks(319));
        Assert.IsFalse(run.IsCompleted);
        _time.Advance(TimeSpan.FromTicks(1));
        await run;
        Assert.AreEqual(1, device.Statistics.BatchSizes[4]);
    }

    [TestMethod]
    public async Task RunAsync_Cancelled_StopsAtOnceAndIsCounted()
    {
        var device = new SimulatedDevice("sim:0", new() { Latency = LatencyCurve.Constant(TimeSpan.FromSeconds(1)) }, _time);
        await using var session = await Simulation.OpenAsync(device);
        using var binding = Simulation.Bind(session, rows: 1);
        using var source = new CancellationTokenSource();

        var run = binding.RunAsync(source.Token).AsTask();
        await source.CancelAsync();

        var error = await Assert.ThrowsAsync<OperationCanceledException>(() => run);
        Assert.AreEqual(source.Token, error.CancellationToken);
        Assert.AreEqual(1, device.Statistics.RunsCancelled);
        Assert.AreEqual(0, device.Statistics.InFlight);
        Assert.ThrowsExactly<InvalidOperationException>(() => binding.GetOutput(0));
    }

    [TestMethod]
    public async Task RunAsync_Jitter_IsTheSameForTheSameSeedAndStaysInItsBounds()
    {
        async Task<TimeSpan[]> LatenciesOf(int seed)
        {
            var device = new SimulatedDevice("sim:0", new() { Latency = LatencyCurve.Constant(TimeSpan.FromMilliseconds(10)), Jitter = 0.2, Seed = seed }, _time);
            await using var session = await Simulation.OpenAsync(device);
            using var binding = Simulation.Bind(session, rows: 1);
            for (var i = 0; i < 200; i++)
            {
                var run = binding.RunAsync();
                _time.Advance(TimeSpan.FromMilliseconds(12));
                await run;
            }

            return [.. device.Runs.Select(run => run.Latency)];
        }

        var first = await LatenciesOf(seed: 7);
        CollectionAssert.AreEqual(first, await LatenciesOf(seed: 7));
        CollectionAssert.AreNotEqual(first, await LatenciesOf(seed: 8));
        Assert.IsTrue(first.All(latency => latency.TotalMilliseconds is >= 8 and <= 12));
        Assert.IsLessThan(9, first.Min(latency => latency.TotalMilliseconds));
        Assert.IsGreaterThan(11, first.Max(latency => latency.TotalMilliseconds));
    }

    [TestMethod]
    public async Task GetOutput_OtherTensorBoundSince_GivesWhatTheRunWrote()
    {
        var device = new SimulatedDevice("sim:0");
        await using var session = await Simulation.OpenAsync(device);
        using var binding = Simulation.Bind(session, rows: 1);
        using var first = Simulation.Rows(9, 9, 9);
        using var second = Simulation.Rows(9, 9, 9);
        binding.SetOutput(0, first);
        await binding.RunAsync();
        binding.SetOutput(0, second);
        Assert.AreSame(first, binding.GetOutput(0));
    }

    [TestMethod]
    public async Task RunAsync_MoreThanMaxConcurrentRuns_IsAViolation()
    {
        var device = new SimulatedDevice("sim:0", new() { Latency = LatencyCurve.Constant(TimeSpan.FromSeconds(1)) }, _time);
        await using var session = await Simulation.OpenAsync(device);
        using var first = Simulation.Bind(session, rows: 1);
        using var second = Simulation.Bind(session, rows: 1);

        var run = first.RunAsync();
        await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => second.RunAsync().AsTask());
        _time.Advance(TimeSpan.FromSeconds(1));
        await run;

        Assert.HasCount(1, device.Violations);
        Assert.AreEqual(1, device.Statistics.RunsCompleted);
        Assert.AreEqual(1, device.Statistics.RunsFailed);
    }

    [TestMethod]
    public async Task DisposeAsync_SessionBeforeItsBinding_IsAViolation()
    {
        var device = new SimulatedDevice("sim:0");
        var session = await Simulation.OpenAsync(device);
        var binding = session.CreateBinding();
        await session.DisposeAsync();
        binding.Dispose();
        StringAssert.Contains(device.Violations.Single(), "echo");
    }
}
