using EdgeAI.Devices;

namespace EdgeAI.Testing.Tests.Devices;

[TestClass]
public sealed class SimulatedDeviceTests
{
    private static readonly OperatorUse _conv = new("", "Conv", 3, 17);
    private static readonly OperatorUse _exotic = new("com.example", "Exotic", 1, 1);

    private static ModelDescriptor Model(params OperatorUse[] operators) => ModelDescriptors.Create("m", Simulation.EchoModel.Signature, operators, weightBytes: 100);

    [TestMethod]
    public void Evaluate_UnsupportedOperator_IsRefusedByName()
    {
        var device = new SimulatedDevice("sim:0", new() { SupportsOperator = use => use.OpType == "Conv" });
        Assert.AreEqual(DeviceSupport.Full, device.Evaluate(Model(_conv)));
        var support = device.Evaluate(Model(_conv, _exotic));
        Assert.AreEqual(DeviceSupportLevel.None, support.Level);
        Assert.AreEqual("com.example.Exotic", support.UnknownOperator);
    }

    [TestMethod]
    public void Evaluate_RunsElsewhere_IsPartial()
    {
        var device = new SimulatedDevice("sim:0", new() { SupportsOperator = use => use.OpType == "Conv", RunsUnsupportedOperatorsElsewhere = true });
        Assert.AreEqual(DeviceSupportLevel.Partial, device.Evaluate(Model(_exotic)).Level);
    }

    [TestMethod]
    public void Evaluate_WeightsDoNotFit_IsRefused()
    {
        var device = new SimulatedDevice("sim:0", new() { MemoryBytes = 99 });
        Assert.AreEqual(DeviceSupportLevel.None, device.Evaluate(Model(_conv)).Level);
    }

    [TestMethod]
    public void SetStatus_Values_AreReported()
    {
        var device = new SimulatedDevice("sim:0", new() { MemoryBytes = 10 });
        Assert.AreEqual(new DeviceStatus { Health = DeviceHealth.Healthy, LanesBusy = 0, FreeMemoryBytes = 10 }, device.GetStatus());
        device.SetStatus(status => status with { Health = DeviceHealth.Degraded, TemperatureCelsius = 95, FreeMemoryBytes = 3 });
        Assert.AreEqual(new DeviceStatus { Health = DeviceHealth.Degraded, LanesBusy = 0, FreeMemoryBytes = 3, TemperatureCelsius = 95 }, device.GetStatus());
    }

    [TestMethod]
    public void Constructor_BadOptions_ListsEveryProblem()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => new SimulatedDevice("sim:0", new() { Alignment = 3, Jitter = double.NaN, MaxConcurrentRuns = 0 }));
        StringAssert.Contains(error.Message, "Alignment");
        StringAssert.Contains(error.Message, "Jitter");
        StringAssert.Contains(error.Message, "MaxConcurrentRuns");
    }

    [TestMethod]
    public async Task Runs_MoreThanTheLogHolds_KeepsTheLatest()
    {
        var device = new SimulatedDevice("sim:0", new() { RunLogLength = 2 });
        await using var session = await Simulation.OpenAsync(device);
        for (var rows = 1; rows <= 3; rows++)
        {
            using var binding = Simulation.Bind(session, rows);
            await binding.RunAsync();
        }

        CollectionAssert.AreEqual(new[] { 2, 3 }, device.Runs.Select(run => run.BatchSize).ToArray());
        Assert.AreEqual(3, device.Statistics.RunsStarted);
    }

    [TestMethod]
    public async Task WhenAsync_ConditionThrows_TellsTheWaiterNotTheDevice()
    {
        var device = new SimulatedDevice("sim:0");
        await using var session = await Simulation.OpenAsync(device);
        using var binding = Simulation.Bind(session, rows: 1);
        var wait = device.WhenAsync(s => s.RunsStarted == 0 ? false : throw new FormatException());
        await binding.RunAsync();
        await Assert.ThrowsExactlyAsync<FormatException>(() => wait);
    }

    [TestMethod]
    public async Task WhenAsync_Cancelled_EndsTheWait()
    {
        using var source = new CancellationTokenSource();
        var wait = new SimulatedDevice("sim:0").WhenAsync(_ => false, source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => wait);
    }

    [TestMethod]
    public async Task RunAsync_ManyThreads_CountsEveryRun()
    {
        var device = new SimulatedDevice("sim:0", new() { MaxConcurrentRuns = 4 });
        await using var session = await Simulation.OpenAsync(device);
        await Task.WhenAll(Enumerable.Range(1, 4).Select(rows => Task.Run(async () =>
        {
            using var binding = Simulation.Bind(session, rows);
            for (var i = 0; i < 2500; i++) await binding.RunAsync();
        })));

        var counts = device.Statistics;
        Assert.AreEqual(10_000, counts.RunsCompleted);
        Assert.AreEqual(0, counts.InFlight);
        Assert.IsTrue(counts.BatchSizes.OrderBy(pair => pair.Key).SequenceEqual(Enumerable.Range(1, 4).Select(rows => KeyValuePair.Create(rows, 2500L))));
        Assert.IsLessThanOrEqualTo(4, counts.MaxInFlight);
        Assert.IsEmpty(device.Violations);
    }

    [TestMethod]
    public async Task DiscoverAsync_Absence_GivesTheReason()
    {
        var provider = new SimulatedDeviceProvider(new SimulatedDevice("sim:0")) { Absence = "it was unplugged" };
        var found = await provider.DiscoverAsync();
        Assert.IsEmpty(found.Devices);
        Assert.AreEqual("it was unplugged", found.Unavailable.Single());
    }

    [TestMethod]
    public void Provider_SameIdTwice_Throws() =>
        Assert.ThrowsExactly<ArgumentException>(() => new SimulatedDeviceProvider(new SimulatedDevice("sim:0"), new SimulatedDevice("sim:0")));
}
