using EdgeAI.Devices;
using Microsoft.Extensions.Time.Testing;

namespace EdgeAI.Testing.Tests.Devices;

/// <summary>Rates, transfers, heat and memory as a caller of the device sees them.</summary>
[TestClass]
public sealed class PhysicalDeviceTests
{
    private readonly FakeTimeProvider _time = new();

    [TestMethod]
    public async Task RunAsync_Roofline_TakesTheHandComputedTime()
    {
        // 8 rows: 8 MFLOP at 1 GFLOP/s = 8 ms, beside 2.08 MB at 1 GB/s = 2.08 ms; 0.5 ms for the run, 4 nodes of 0.25 ms.
        var device = Make(options =>
        {
            options.ComputeRates = [new(TensorElementType.Float32, 1, 1e9)];
            options.MemoryBandwidth = 1e9;
            options.RunOverhead = TimeSpan.FromMilliseconds(0.5);
            options.NodeOverhead = TimeSpan.FromMilliseconds(0.25);
        });
        var model = Model(new SimulatedCost { FlopsPerRow = 1e6, WeightBytes = 2e6, ActivationBytesPerRow = 1e4, Nodes = 4 });
        Assert.AreEqual(9.5, (await RunAsync(device, model, rows: 8)).TotalMilliseconds, 1e-6);
    }

    [TestMethod]
    public async Task RunAsync_ModelBringsACurve_ThatAloneCounts()
    {
        var device = Make(options => (options.RunOverhead, options.Latency) = (TimeSpan.FromSeconds(1), LatencyCurve.Constant(TimeSpan.FromSeconds(2))));
        Assert.AreEqual(3, (await RunAsync(device, Simulation.EchoModel)).TotalSeconds);
        var own = ModelDescriptors.Create("own", Simulation.EchoModel.Signature, latency: LatencyCurve.Constant(TimeSpan.FromSeconds(7)));
        Assert.AreEqual(7, (await RunAsync(device, own)).TotalSeconds);
    }

    [TestMethod]
    public async Task RunAsync_CostOption_WinsOverTheModels()
    {
        var device = Make(options =>
        {
            options.ComputeRates = [new(TensorElementType.Float32, 1, 1e9)];
            options.Cost = model => model.Id == "known" ? new SimulatedCost { FlopsPerRow = 3e9 } : null;
        });
        Assert.AreEqual(3, (await RunAsync(device, ModelDescriptors.Create("known", Simulation.EchoModel.Signature, cost: new SimulatedCost { FlopsPerRow = 1e9 }))).TotalSeconds);
        Assert.AreEqual(1, (await RunAsync(device, ModelDescriptors.Create("other", Simulation.EchoModel.Signature, cost: new SimulatedCost { FlopsPerRow = 1e9 }))).TotalSeconds);
    }

    [TestMethod]
    public async Task CopyAsync_HostToDevice_TakesLatencyAndBandwidth()
    {
        var device = Make(options =>
        {
            options.IsHostAccessible = false;
            options.TransferBandwidth = 1e6;
            options.TransferLatency = TimeSpan.FromMilliseconds(2);
        });
        using var host = TensorValue.Create(new float[1000], 1000);
        using var first = TensorValue.Create(device.Memory.Allocate(4000), TensorElementType.Float32, 1000);
        using var second = TensorValue.Create(device.Memory.Allocate(4000), TensorElementType.Float32, 1000);

        // 4,000 bytes at 1 MB/s = 4 ms.
        Assert.AreEqual(6, (await PassAsync(device, device.Memory.CopyAsync(host, first).AsTask())).TotalMilliseconds, 1e-6);
        Assert.IsTrue(device.Memory.CopyAsync(first, second).IsCompletedSuccessfully, "A copy within the device does not use the link.");
        Assert.AreEqual(6, (await PassAsync(device, device.Memory.CopyAsync(second, host).AsTask())).TotalMilliseconds, 1e-6);
    }

    [TestMethod]
    public async Task CopyAsync_CancelledOnItsWay_Throws()
    {
        var device = Make(options => (options.IsHostAccessible, options.TransferLatency) = (false, TimeSpan.FromSeconds(1)));
        using var host = TensorValue.Create(new float[1], 1);
        using var placed = TensorValue.Create(device.Memory.Allocate(4), TensorElementType.Float32, 1);
        using var source = new CancellationTokenSource();
        var copy = device.Memory.CopyAsync(host, placed, source.Token).AsTask();
        await device.WhenAsync(s => s.Waiting == 1);
        await source.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => copy);
    }

    [TestMethod]
    public async Task RunAsync_LastingLoad_ThrottlesAndRecovers()
    {
        var device = Make(Hot);
        var latencies = new List<double>();
        for (var run = 0; run < 300; run++) latencies.Add((await RunAsync(device, Simulation.EchoModel)).TotalSeconds);

        // 105 - 80 exp(-t/100) = 85 after 139 s: runs of 1 s that begin before are quick, and the next takes twice as long.
        CollectionAssert.AreEqual(Enumerable.Repeat(1.0, 139).ToArray(), latencies.Take(139).ToArray());
        Assert.AreEqual(2, latencies[139]);
        Assert.Contains(1.0, latencies.Skip(140).ToArray(), "Throttled it cools down to recovery and is quick again.");
        Assert.AreEqual(0.5, device.Runs[139].Speed);

        Assert.IsGreaterThan(70, device.GetStatus().TemperatureCelsius!.Value);
        _time.Advance(TimeSpan.FromHours(1));
        var rested = device.GetStatus();
        Assert.AreEqual(25, rested.TemperatureCelsius!.Value, 1e-6);
        Assert.IsFalse(rested.IsThrottled);
    }

    [TestMethod]
    public async Task GetStatus_WhileARunLasts_TellsPowerAndClock()
    {
        var device = Make(Hot);
        Assert.AreEqual(10, device.GetStatus().PowerWatts);
        await using var session = await Simulation.OpenAsync(device);
        using var binding = Simulation.Bind(session, rows: 1);
        var run = binding.RunAsync().AsTask();
        await device.WhenAsync(s => s.Waiting == 1);
        var busy = device.GetStatus();
        Assert.AreEqual(170, busy.PowerWatts);
        Assert.AreEqual(85, busy.TemperatureLimitCelsius);
        Assert.AreEqual(2e9, busy.ClockHertz);
        Assert.IsFalse(busy.IsThrottled);
        _time.Advance(TimeSpan.FromSeconds(1));
        await run;
        Assert.AreEqual(10, device.GetStatus().PowerWatts);
        Assert.AreEqual(170, device.Statistics.EnergyJoules!.Value, 1e-6);
    }

    [TestMethod]
    public async Task GetStatus_SetByHand_WinsOverPhysics()
    {
        var device = Make(Hot);
        device.SetStatus(status => status with { TemperatureCelsius = 99, IsThrottled = true });
        Assert.AreEqual(99, device.GetStatus().TemperatureCelsius);
        Assert.IsTrue(device.GetStatus().IsThrottled);
        Assert.AreEqual(1, (await RunAsync(device, Simulation.EchoModel)).TotalSeconds, "What a sensor claims does not make a device slow.");
    }

    [TestMethod]
    public async Task RunAsync_PowerLimit_SlowsDown()
    {
        var device = Make(options => (options.BusyPowerWatts, options.PowerLimitWatts, options.Latency) = (100, 25, LatencyCurve.Constant(TimeSpan.FromSeconds(1))));
        Assert.AreEqual(4, (await RunAsync(device, Simulation.EchoModel)).TotalSeconds, 1e-9);
    }

    [TestMethod]
    public async Task AmbientCelsius_Raised_BringsThrottlingForward()
    {
        var device = Make(Hot);
        device.AmbientCelsius = 60;
        _time.Advance(TimeSpan.FromHours(1));
        for (var run = 0; run < 26; run++) Assert.AreEqual(1, (await RunAsync(device, Simulation.EchoModel)).TotalSeconds, $"run {run}");

        // From 65 degrees: 145 - 80 exp(-t/100) = 85 after 100 ln(80/60) = 28.8 s.
        for (var run = 26; run < 29; run++) await RunAsync(device, Simulation.EchoModel);
        Assert.AreEqual(2, (await RunAsync(device, Simulation.EchoModel)).TotalSeconds);
    }

    [TestMethod]
    public async Task RunAsync_WorkspaceDoesNotFit_IsOutOfMemoryAndASmallerRunSucceeds()
    {
        var device = Make(options => (options.MemoryBytes, options.RunOverhead) = (10_000, TimeSpan.FromMilliseconds(1)));
        var model = Model(new SimulatedCost { WorkspaceBytesPerRow = 1000 });
        await using var session = await Simulation.OpenAsync(device, model);
        using var large = Simulation.Bind(session, rows: 11);
        var fault = await Assert.ThrowsExactlyAsync<DeviceFaultException>(() => large.RunAsync().AsTask());
        Assert.IsInstanceOfType<OutOfMemoryException>(fault.InnerException);

        using var small = Simulation.Bind(session, rows: 9);
        var run = small.RunAsync().AsTask();
        await device.WhenAsync(s => s.Waiting == 1);
        Assert.AreEqual(1000, device.GetStatus().FreeMemoryBytes, "A run holds its workspace while it lasts.");
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await run;
        small.GetOutput(0).Dispose();
        Assert.AreEqual(10_000, device.GetStatus().FreeMemoryBytes);
        Assert.AreEqual(0, device.Statistics.InFlight);
    }

    [TestMethod]
    public async Task FragmentMemory_OpenSessions_FindNoneUntilAnotherIsOpened()
    {
        var device = Make(_ => { });
        await using var broken = await Simulation.OpenAsync(device, Simulation.EchoModel);
        using var first = Simulation.Bind(broken, rows: 1);
        await first.RunAsync();
        device.FragmentMemory();

        for (var i = 0; i < 2; i++) Assert.IsInstanceOfType<OutOfMemoryException>((await Assert.ThrowsExactlyAsync<DeviceFaultException>(() => first.RunAsync().AsTask())).InnerException);
        await using var whole = await Simulation.OpenAsync(device, Simulation.EchoModel);
        using var second = Simulation.Bind(whole, rows: 1);
        await second.RunAsync();

        Assert.AreEqual(2, device.Statistics.RunsFailed);
    }

    [TestMethod]
    public void OccupyMemory_ByAnother_LeavesLessUntilDisposed()
    {
        var device = Make(options => options.MemoryBytes = 1000);
        using (var other = device.OccupyMemory(900))
        {
            Assert.ThrowsExactly<OutOfMemoryException>(() => device.Memory.Allocate(101));
            other.Dispose();
        }

        Assert.AreEqual(1000, device.GetStatus().FreeMemoryBytes);
    }

    [TestMethod]
    public void Constructor_BadPhysicalOptions_ListsEveryProblem()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => Make(options =>
        {
            options.ComputeRates = [new(TensorElementType.Float32, 0, 1), new(TensorElementType.Float32, 4, 1), new(TensorElementType.Float32, 4, 2)];
            options.MemoryBandwidth = 0;
            options.TransferBandwidth = double.NaN;
            options.IdlePowerWatts = -1;
            options.PowerLimitWatts = -2;
            options.HeatCapacity = 5;
            options.ThrottledSpeed = 0;
            options.ThrottleCelsius = 10;
            options.RunOverhead = TimeSpan.FromTicks(-1);
            options.ClockHertz = -1;
        }));
        foreach (var name in new[] { "at 0 rows", "2 rates", "MemoryBandwidth", "TransferBandwidth is", "IsHostAccessible", "IdlePowerWatts", "PowerLimitWatts", "ThermalConductance", "ThrottledSpeed", "RunOverhead", "ClockHertz" })
        {
            Assert.Contains(name, error.Message);
        }
    }

    [TestMethod]
    [DataRow(20.0, null, "ThrottleCelsius")]
    [DataRow(85.0, 85.0, "RecoveryCelsius")]
    [DataRow(85.0, 24.0, "RecoveryCelsius")]
    public void Constructor_ThrottlingThatCannotEnd_IsRefused(double limit, double? recovery, string named)
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => Make(options =>
        {
            Hot(options);
            (options.ThrottleCelsius, options.RecoveryCelsius) = (limit, recovery);
        }));
        Assert.Contains(named, error.Message);
    }

    [TestMethod]
    public async Task Seed_Same_GivesTheSameDevice()
    {
        var first = await PlayAsync(seed: 4);
        CollectionAssert.AreEqual(first, await PlayAsync(seed: 4));
        CollectionAssert.AreNotEqual(first, await PlayAsync(seed: 5));
    }

    private static async Task<string[]> PlayAsync(int seed)
    {
        var time = new FakeTimeProvider();
        using var device = new SimulatedDevice("gpu:sim0", new() { Seed = seed, Jitter = 0.3, Latency = LatencyCurve.Constant(TimeSpan.FromSeconds(1)), BusyPowerWatts = 50 }, time);
        device.Faults.AtRandom(0.2, SimulatedFault.Slow);
        await using var session = await Simulation.OpenAsync(device);
        using var binding = Simulation.Bind(session, rows: 1);
        for (var i = 0; i < 50; i++)
        {
            var run = binding.RunAsync().AsTask();
            await device.WhenAsync(s => s.Waiting == 1);
            time.Advance(TimeSpan.FromSeconds(20));
            await run;
        }

        return [.. device.Runs.Select(run => $"{run.Latency} {run.Fault}"), $"{device.Statistics.EnergyJoules}"];
    }

    private static void Hot(SimulatedDeviceOptions options)
    {
        options.Latency = LatencyCurve.Constant(TimeSpan.FromSeconds(1));
        (options.AmbientCelsius, options.IdlePowerWatts, options.BusyPowerWatts) = (20, 10, 170);
        (options.HeatCapacity, options.ThermalConductance) = (200, 2);
        (options.ThrottleCelsius, options.RecoveryCelsius, options.ThrottledSpeed) = (85, 75, 0.5);
        options.ClockHertz = 2e9;
    }

    private static ModelDescriptor Model(SimulatedCost cost) => ModelDescriptors.Create("m", Simulation.EchoModel.Signature, cost: cost);

    private SimulatedDevice Make(Action<SimulatedDeviceOptions> configure)
    {
        var options = new SimulatedDeviceOptions();
        configure(options);
        return new SimulatedDevice("gpu:sim0", options, _time);
    }

    private async Task<TimeSpan> RunAsync(SimulatedDevice device, ModelDescriptor model, int rows = 1)
    {
        await using var session = await Simulation.OpenAsync(device, model);
        using var binding = Simulation.Bind(session, rows);
        var run = binding.RunAsync().AsTask();
        var taken = await PassAsync(device, run);
        Assert.AreEqual(taken, device.Runs[^1].Latency);
        return taken;
    }

    /// <summary>Lets time pass in steps of 50 us to just when the work ends; returns how much that was.</summary>
    private async Task<TimeSpan> PassAsync(SimulatedDevice device, Task work)
    {
        var begun = device.Elapsed;
        await device.WhenAsync(s => s.Waiting == 1);
        var step = device.Runs.Count > 0 && device.Runs[^1].Started == begun ? device.Runs[^1].Latency : TimeSpan.FromMicroseconds(50);
        while (!work.IsCompleted)
        {
            _time.Advance(step);
            step = TimeSpan.FromMicroseconds(50);
        }

        await work;
        return device.Elapsed - begun;
    }
}
