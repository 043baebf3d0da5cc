using EdgeAI.Devices;
using EdgeAI.Leases;
using EdgeAI.Memory;
using EdgeAI.Scheduling;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace EdgeAI.Evaluation;

[TestClass]
public sealed class DeviceEvaluatorTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "edgeai-profiles-" + Guid.NewGuid().ToString("N"));

    [TestCleanup]
    public void RemoveFolder()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    [TestMethod]
    public async Task EvaluateAsync_DeviceOfKnownRates_FindsThem()
    {
        var device = new RooflineDevice(_time);
        await using var evaluator = Create(device);

        var profile = await evaluator.EvaluateAsync("roof:0");

        AssertNear(RooflineDevice.MainBandwidth, profile.ReadBandwidth!.Value, "read bandwidth");
        AssertNear(RooflineDevice.MainBandwidth, profile.MedianReadBandwidth!.Value, "median read bandwidth");
        Assert.AreEqual(2, profile.ReadThreads);
        AssertNear(RooflineDevice.CacheBandwidth, profile.ReadRates.Single(rate => rate.WorkingSetBytes == 1 << 20).BytesPerSecond, "reading 1 MiB");
        AssertNear(RooflineDevice.NodeCost.TotalMicroseconds, profile.NodeOverhead!.Value.TotalMicroseconds, "node");
        AssertNear(RooflineDevice.RunCost.TotalMicroseconds, profile.RunOverhead!.Value.TotalMicroseconds, "run");
        foreach (var type in new[] { TensorElementType.Float32, TensorElementType.Int8, TensorElementType.Int4 })
        {
            CollectionAssert.AreEqual(new[] { 1, 8, 32, 128, 512 }, profile.Gemm.Where(rate => rate.ElementType == type).Select(rate => rate.Rows).ToArray());
            AssertNear(RooflineDevice.Flops, profile.Gemm.Single(rate => rate.ElementType == type && rate.Rows == 512).FlopsPerSecond, $"{type}");
        }

        // At one row the weights of 4 MiB, which the device holds close by, take longer to read than to multiply.
        AssertNear(2.0 * 1024 * 1024 / (4.0 * 1024 * 1024 / RooflineDevice.CacheBandwidth), profile.Gemm.Single(rate => rate is { ElementType: TensorElementType.Float32, Rows: 1 }).FlopsPerSecond, "one row");
        Assert.IsEmpty(profile.Missing, string.Join("; ", profile.Missing));
        Assert.IsEmpty(profile.Unstable);
        Assert.IsNull(profile.SustainedRatio);
        Assert.IsNull(profile.TransferBandwidth);
        Assert.AreEqual("driver 1", profile.Versions);
        Assert.AreEqual(_time.GetUtcNow(), profile.MeasuredAt);
        Assert.AreEqual(0, device.OpenSessions);
    }

    [TestMethod]
    public async Task EvaluateAsync_RefusedGraph_IsMissingAndTheRestIsThere()
    {
        await using var evaluator = Create(new RooflineDevice(_time) { RefusedOperator = "MatMulNBits" });

        var profile = await evaluator.EvaluateAsync("roof:0");

        Assert.AreEqual("gemm int4: MatMulNBits is not supported", profile.Missing.Single());
        Assert.IsFalse(profile.Gemm.Any(rate => rate.ElementType == TensorElementType.Int4));
        Assert.HasCount(10, profile.Gemm);
    }

    [TestMethod]
    public async Task EvaluateAsync_SlowDevice_StopsWhenTheTimeIsUsed()
    {
        var started = _time.GetTimestamp();
        var device = new RooflineDevice(_time) { Slowness = TimeSpan.FromSeconds(0.2) };
        await using var evaluator = Create(device);

        var profile = await evaluator.EvaluateAsync("roof:0");

        Assert.IsLessThan(TimeSpan.FromSeconds(15), _time.GetElapsedTime(started));
        Assert.IsTrue(profile.Missing.All(missing => missing.EndsWith("the time was used up", StringComparison.Ordinal)), string.Join("; ", profile.Missing));
        Assert.IsNotEmpty(profile.Missing);
        Assert.IsNotNull(profile.NodeOverhead, "the first probes must fit");
    }

    [TestMethod]
    public async Task EvaluateAsync_Sustained_TellsTheShareThatIsLeft()
    {
        // From 45 s after it was made on, well inside the minute of load, it runs at 60 %.
        var device = new RooflineDevice(_time) { Speed = age => age > TimeSpan.FromSeconds(45) ? 0.6 : 1 };
        await using var evaluator = Create(device);

        var profile = await evaluator.EvaluateAsync("roof:0", new DeviceEvaluationOptions { Sustained = true });

        Assert.AreEqual(0.6, profile.SustainedRatio!.Value, 0.01);
    }

    [TestMethod]
    public async Task EvaluateAsync_MemoryOfItsOwn_CopiesAreMeasured()
    {
        await using var evaluator = Create(new RooflineDevice(_time) { IsHostAccessible = false });

        var profile = await evaluator.EvaluateAsync("roof:0");

        AssertNear(RooflineDevice.CopyBandwidth, profile.TransferBandwidth!.Value, "copies");
        Assert.AreEqual(10, profile.TransferOverhead!.Value.TotalMicroseconds, 0.5);
    }

    [TestMethod]
    public async Task EvaluateAsync_KnownProfile_IsNotMeasuredAgain()
    {
        var device = new RooflineDevice(_time);
        await using var evaluator = Create(device);
        var first = await evaluator.EvaluateAsync("roof:0");
        var runs = device.Runs;

        var second = await evaluator.EvaluateAsync("roof:0");
        await using var later = Create(device);
        var kept = await later.EvaluateAsync("roof:0");

        Assert.AreSame(first, second);
        Assert.AreEqual(runs, device.Runs);
        Assert.AreEqual(first.ReadBandwidth, kept.ReadBandwidth);
        Assert.AreEqual(first.MeasuredAt, kept.MeasuredAt);
        CollectionAssert.AreEqual(first.Gemm.ToArray(), kept.Gemm.ToArray());
        CollectionAssert.AreEqual(first.Operators.ToArray(), kept.Operators.ToArray());
    }

    [TestMethod]
    public async Task EvaluateAsync_OtherVersionsOrRefresh_MeasuresAgain()
    {
        await using (var evaluator = Create(new RooflineDevice(_time))) await evaluator.EvaluateAsync("roof:0");
        var updated = new RooflineDevice(_time, "driver 2");

        await using var later = Create(updated);
        var profile = await later.EvaluateAsync("roof:0");
        var runs = updated.Runs;
        await later.EvaluateAsync("roof:0", new DeviceEvaluationOptions { Refresh = true });

        Assert.AreEqual("driver 2", profile.Versions);
        Assert.IsGreaterThan(0, runs);
        Assert.AreEqual(2 * runs, updated.Runs);
    }

    [TestMethod]
    public async Task EvaluateAsync_Cancelled_EndsWithTheCallersTokenAndKeepsNothing()
    {
        using var source = new CancellationTokenSource();
        var device = new RooflineDevice(_time) { OnRun = source.Cancel };
        await using var evaluator = Create(device);

        var error = await Assert.ThrowsAsync<OperationCanceledException>(() => evaluator.EvaluateAsync("roof:0", cancellationToken: source.Token).AsTask());

        Assert.AreEqual(source.Token, error.CancellationToken);
        Assert.AreEqual(0, device.OpenSessions);
        Assert.IsFalse(Directory.Exists(_folder));
    }

    [TestMethod]
    public async Task DisposeAsync_WhileMeasuring_RejectsAndClosesSessions()
    {
        DeviceEvaluator? evaluator = null;
        Task? closing = null;
        var device = new RooflineDevice(_time) { OnRun = () => closing ??= evaluator!.DisposeAsync().AsTask() };
        evaluator = Create(device);

        var error = await Assert.ThrowsAsync<RequestRejectedException>(() => evaluator.EvaluateAsync("roof:0").AsTask());
        await closing!;

        Assert.AreEqual(RejectionReason.ShuttingDown, error.Reason);
        Assert.AreEqual(0, device.OpenSessions);
    }

    [TestMethod]
    public async Task EvaluateAsync_UnknownDevice_NamesThoseThatAreThere()
    {
        await using var evaluator = Create(new RooflineDevice(_time));

        var error = await Assert.ThrowsAsync<NoCompatibleDeviceException>(() => evaluator.EvaluateAsync("gpu:9").AsTask());

        StringAssert.Contains(error.Message, "roof:0");
    }

    [TestMethod]
    public async Task GetDevicesAsync_AfterEvaluation_CarriesTheProfile()
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(_time);
        services.AddSingleton<IDeviceProvider>(new Provider(new RooflineDevice(_time)));
        services.AddEdgeAI(options => options.CacheFolder = _folder);
        await using var provider = services.BuildServiceProvider();
        var engine = provider.GetRequiredService<IInferenceEngine>();

        Assert.IsNull((await engine.GetDevicesAsync())[0].Profile);
        var profile = await provider.GetRequiredService<IDeviceEvaluator>().EvaluateAsync("roof:0");

        Assert.AreSame(profile, (await engine.GetDevicesAsync())[0].Profile);
    }

    [TestMethod]
    public async Task EvaluateAsync_EveryRun_HoldsAllCores()
    {
        var budgets = new DeviceBudgets(new MemoryBudget(long.MaxValue));
        RooflineDevice? device = null;
        var free = new List<int?>();
        device = new RooflineDevice(_time) { OnRun = () => free.Add(budgets.For(device!.Info).Cores.Free) };
        await using var evaluator = Create(device, budgets);

        await evaluator.EvaluateAsync("roof:0", new DeviceEvaluationOptions { Sustained = true });

        Assert.IsNotEmpty(free);
        Assert.IsTrue(free.TrueForAll(cores => cores == 0), "a run without the cores");
        Assert.AreEqual(2, budgets.For(device.Info).Cores.Free);
    }

    [TestMethod]
    public async Task EvaluateAsync_SomebodyAsksForCoresInEveryRun_HasThemBetweenTwoWindows()
    {
        var budgets = new DeviceBudgets(new MemoryBudget(long.MaxValue));
        CoreBudget? cores = null;
        using var chat = new TestWaiter("chat", waiter => cores!.Return(cores.Claim(waiter)));
        var device = new RooflineDevice(_time) { OnRun = () => cores!.TryTake(2, chat) };
        cores = budgets.For(device.Info).Cores;
        await using var evaluator = Create(device, budgets);

        var profile = await evaluator.EvaluateAsync("roof:0");

        Assert.IsEmpty(profile.Missing, string.Join("; ", profile.Missing));
        Assert.IsGreaterThan(100, chat.Calls);
        Assert.AreEqual(2, cores.Free);
    }

    [TestMethod]
    public async Task EvaluateAsync_WaitsForOthersAgainAndAgain_TheirTimeIsNotItsOwn()
    {
        await using var alone = Create(new RooflineDevice(_time));
        var expected = await alone.EvaluateAsync("roof:0", new DeviceEvaluationOptions { Refresh = true });
        var device = new RooflineDevice(_time);
        await using var evaluator = new DeviceEvaluator(_ => new([device]), new BusyBroker(_time), new DeviceProfiles(store: null), new Clock(_time), TimeSpan.FromSeconds(5));

        var profile = await evaluator.EvaluateAsync("roof:0");

        Assert.IsEmpty(profile.Missing, string.Join("; ", profile.Missing));
        AssertNear(expected.ReadBandwidth!.Value, profile.ReadBandwidth!.Value, "read bandwidth");
        CollectionAssert.AreEqual(expected.Gemm.ToArray(), profile.Gemm.ToArray());
    }

    [TestMethod]
    public async Task EvaluateAsync_BusyDevice_WaitsForItAndCanBeGivenUp()
    {
        var budgets = new DeviceBudgets(new MemoryBudget(long.MaxValue));
        var device = new RooflineDevice(_time);
        await using var evaluator = Create(device, budgets);
        using var chat = new TestWaiter();
        budgets.For(device.Info).Cores.TryTake(1, chat);
        using var source = new CancellationTokenSource();

        var evaluation = evaluator.EvaluateAsync("roof:0", cancellationToken: source.Token).AsTask();
        await source.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => evaluation);
        Assert.AreEqual(0, device.Runs);
        Assert.AreEqual(0, device.OpenSessions);
        Assert.AreEqual(1, budgets.For(device.Info).Cores.Free);
    }

    private static void AssertNear(double expected, double actual, string what) => Assert.AreEqual(expected, actual, 0.02 * expected, what);

    private DeviceEvaluator Create(RooflineDevice device, DeviceBudgets? budgets = null) =>
        new(_ => new([device]), new DeviceBroker(budgets ?? new DeviceBudgets(new MemoryBudget(long.MaxValue)), _ => new([device]), _ => null), new DeviceProfiles(new ProfileStore(_folder, MeasurementCache.ReadWrite, new FakeLogger())), new Clock(_time), TimeSpan.FromSeconds(5));

    /// <summary>Others have the cores for half a second before each lease.</summary>
    private sealed class BusyBroker(FakeTimeProvider time) : IDeviceBroker
    {
        public ValueTask<DeviceLease> LeaseAsync(WorkloadEstimate estimate, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            time.Advance(TimeSpan.FromSeconds(0.5));
            return new(new Lease(estimate));
        }

        private sealed class Lease(WorkloadEstimate estimate) : DeviceLease(estimate.DeviceId!, estimate.Cores, 0)
        {
            protected override void Return()
            {
            }
        }
    }

    private sealed class Provider(IDevice device) : IDeviceProvider
    {
        public string Name => "roof";

        public ValueTask<DeviceDiscovery> DiscoverAsync(CancellationToken cancellationToken = default) => new(DeviceDiscovery.Found(device));
    }
}
