using CsCheck;
using EdgeAI.Devices;
using EdgeAI.Engine;
using EdgeAI.Evaluation;
using EdgeAI.Memory;
using EdgeAI.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAI.Leases;

[TestClass]
public sealed class DeviceBrokerTests : IDisposable
{
    private readonly MemoryBudget _host = new(3000);
    private readonly SimulatedDevice _gpuDevice = new("gpu:0", new SimulatedDeviceOptions { Kind = DeviceKind.Gpu, MemoryBytes = 5000 });
    private readonly SimulatedDevice _cpuDevice = new("cpu:0", new SimulatedDeviceOptions { Kind = DeviceKind.Cpu, MemoryBytes = 4000, Parallelism = 4 });
    private readonly Dictionary<string, double> _bandwidths = [];
    private readonly DeviceInfo _gpu;
    private readonly DeviceInfo _cpu;
    private readonly DeviceBudgets _budgets;
    private readonly DeviceBroker _broker;

    public DeviceBrokerTests()
    {
        _budgets = new DeviceBudgets(_host);
        _gpu = _gpuDevice.Info;
        _cpu = _cpuDevice.Info;
        _broker = Broker(_gpuDevice, _cpuDevice);
    }

    public void Dispose()
    {
        _broker.Dispose();
        _gpuDevice.Dispose();
        _cpuDevice.Dispose();
    }

    [TestMethod]
    public async Task LeaseAsync_NoDeviceNamed_IsACpuAndEverythingComesBackOnce()
    {
        var lease = await _broker.LeaseAsync(new WorkloadEstimate { Cores = 3, MinCores = 2, MemoryBytes = 1000 });

        Assert.AreEqual(("cpu:0", 3, 1000L), (lease.DeviceId, lease.Cores, lease.MemoryBytes));
        Assert.AreEqual(1, _budgets.For(_cpu).Cores.Free);
        Assert.AreEqual(1000, _host.Used);
        await lease.DisposeAsync();
        lease.Dispose();
        Assert.AreEqual(4, _budgets.For(_cpu).Cores.Free);
        Assert.AreEqual(0, _host.Used);
    }

    [TestMethod]
    public async Task LeaseAsync_DeviceNamed_TakesItsOwnMemory()
    {
        using var lease = await _broker.LeaseAsync(new WorkloadEstimate { DeviceId = "gpu:0", Cores = 64, MemoryBytes = 4500 });

        Assert.AreEqual(("gpu:0", 64), (lease.DeviceId, lease.Cores));
        Assert.AreEqual(4500, _budgets.For(_gpu).Memory.Used);
        Assert.AreEqual(0, _host.Used);
    }

    [TestMethod]
    [DataRow("npu:0", 1, 0L, "there is no such device; there are gpu:0, cpu:0")]
    [DataRow("cpu:0", 5, 0L, "it has 4 cores and 5 are needed")]
    [DataRow("cpu:0", 1, 3001L, "models may use 3000 bytes of its memory and 3001 are needed")]
    [DataRow(null, 1, 3001L, "models may use 3000 bytes of its memory and 3001 are needed")]
    public async Task LeaseAsync_MoreThanThereIs_FailsAtOnce(string? deviceId, int minCores, long bytes, string reason)
    {
        var estimate = new WorkloadEstimate { Name = "assistant", DeviceId = deviceId, Cores = 8, MinCores = minCores, MemoryBytes = bytes };

        var error = await Assert.ThrowsExactlyAsync<NoCompatibleDeviceException>(() => _broker.LeaseAsync(estimate).AsTask());

        Assert.AreEqual(reason, error.Reasons.Single().Reason);
        Assert.AreEqual(0, _host.Used);
    }

    [TestMethod]
    public async Task LeaseAsync_NoCpuIsHere_SaysThatOthersMustBeNamed()
    {
        using var broker = Broker(_gpuDevice);

        var error = await Assert.ThrowsExactlyAsync<NoCompatibleDeviceException>(() => broker.LeaseAsync(new WorkloadEstimate()).AsTask());

        Assert.AreEqual("gpu:0", error.Reasons.Single().Device);
    }

    [TestMethod]
    [DataRow(90e9, 40e9, "gpu:0")]
    [DataRow(30e9, 40e9, "cpu:0")]
    [DataRow(0, 40e9, "cpu:0")]
    [DataRow(0, 0, "gpu:0")]
    public async Task LeaseAsync_BoundByMemory_ChoosesTheDeviceMeasuredToReadFastest(double gpu, double cpu, string expected)
    {
        if (gpu > 0) _bandwidths["gpu:0"] = gpu;
        if (cpu > 0) _bandwidths["cpu:0"] = cpu;

        using var lease = await _broker.LeaseAsync(new WorkloadEstimate { DeviceIds = ["cpu:0", "gpu:0"], Cores = 0, MemoryBytes = 2000, BytesPerStep = 1000 });

        Assert.AreEqual(expected, lease.DeviceId);
    }

    [TestMethod]
    public async Task LeaseAsync_DeviceNamed_WinsOverAFasterOne()
    {
        _bandwidths["gpu:0"] = 90e9;

        using var lease = await _broker.LeaseAsync(new WorkloadEstimate { DeviceId = "cpu:0", DeviceIds = ["cpu:0", "gpu:0"], MemoryBytes = 2000, BytesPerStep = 1000 });

        Assert.AreEqual(("cpu:0", "it was asked for by name"), (lease.DeviceId, lease.Reason));
    }

    [TestMethod]
    public async Task LeaseAsync_FasterDeviceHasFailed_IsNotChosen()
    {
        _bandwidths["gpu:0"] = 90e9;
        _gpuDevice.SetStatus(status => status with { Health = DeviceHealth.Failed });
        var estimate = new WorkloadEstimate { DeviceIds = ["cpu:0", "gpu:0"], MemoryBytes = 2000, BytesPerStep = 1000 };

        using (var lease = await _broker.LeaseAsync(estimate)) Assert.AreEqual("cpu:0", lease.DeviceId);

        var error = await Assert.ThrowsExactlyAsync<NoCompatibleDeviceException>(() => _broker.LeaseAsync(estimate with { DeviceIds = ["gpu:0"] }).AsTask());
        Assert.AreEqual("it has failed", error.Reasons.Single().Reason);
    }

    [TestMethod]
    public async Task LeaseAsync_FasterDeviceIsOccupiedByAnotherProgram_TheOtherIsChosen()
    {
        _bandwidths["gpu:0"] = 90e9;
        using var other = _gpuDevice.OccupyMemory(4000);

        using var lease = await _broker.LeaseAsync(new WorkloadEstimate { DeviceIds = ["cpu:0", "gpu:0"], MemoryBytes = 2000, BytesPerStep = 1000 });

        Assert.AreEqual("cpu:0", lease.DeviceId);
    }

    [TestMethod]
    [DataRow(0, 2000L)]
    [DataRow(1500, 1500L)]
    public async Task LeaseAsync_LessIsFreeThanWanted_GivesWhatIsFree(long used, long expected)
    {
        _host.TryReserve(used, out _);

        using var lease = await _broker.LeaseAsync(new WorkloadEstimate { Cores = 0, MemoryBytes = 2000, MinMemoryBytes = 500 });

        Assert.AreEqual(expected, lease.MemoryBytes);
        Assert.AreEqual(used + expected, _host.Used);
    }

    [TestMethod]
    public async Task LeaseAsync_LessIsFreeThanNeeded_WaitsForThat()
    {
        _host.TryReserve(2800, out var weights);
        var waiting = _broker.LeaseAsync(new WorkloadEstimate { Cores = 0, MemoryBytes = 2000, MinMemoryBytes = 500 }).AsTask();
        Assert.IsFalse(waiting.IsCompleted);

        weights!.Dispose();

        using var lease = await waiting;
        Assert.AreEqual(500, lease.MemoryBytes);
    }

    [TestMethod]
    public async Task LeaseAsync_MoreMemoryNeededThanWanted_IsAnArgumentError() =>
        await Assert.ThrowsExactlyAsync<ArgumentException>(() => _broker.LeaseAsync(new WorkloadEstimate { MemoryBytes = 1, MinMemoryBytes = 2 }).AsTask());

    [TestMethod]
    public async Task LeaseAsync_MoreNeededThanWanted_IsAnArgumentError() =>
        await Assert.ThrowsExactlyAsync<ArgumentException>(() => _broker.LeaseAsync(new WorkloadEstimate { Cores = 1, MinCores = 2 }).AsTask());

    [TestMethod]
    public async Task LeaseAsync_LanesHaveTheCores_WaitsInOrderOfArrival()
    {
        using var lane = new TestWaiter();
        var cores = _budgets.For(_cpu).Cores;
        cores.TryTake(4, lane);
        var first = _broker.LeaseAsync(new WorkloadEstimate { Cores = 4, MinCores = 4 }).AsTask();
        var second = _broker.LeaseAsync(new WorkloadEstimate { Cores = 1 }).AsTask();
        Assert.IsFalse(first.IsCompleted || second.IsCompleted);

        cores.Return(4);
        var wide = await first;
        Assert.IsFalse(second.IsCompleted);
        wide.Dispose();

        Assert.AreEqual(1, (await second).Cores);
    }

    [TestMethod]
    public async Task LeaseAsync_TheFirstWaitsForMemory_OneThatNeedsNoneDoesNotOvertake()
    {
        _host.TryReserve(3000, out var weights);
        var first = _broker.LeaseAsync(new WorkloadEstimate { Cores = 4, MinCores = 4, MemoryBytes = 1000 }).AsTask();
        var second = _broker.LeaseAsync(new WorkloadEstimate { Cores = 4 }).AsTask();
        Assert.IsFalse(second.IsCompleted);

        weights!.Dispose();
        (await first).Dispose();

        Assert.AreEqual(4, (await second).Cores);
    }

    [TestMethod]
    public async Task LeaseAsync_MemoryAlone_TakesNoCores()
    {
        using var lease = await _broker.LeaseAsync(new WorkloadEstimate { Cores = 0, MemoryBytes = 1000 });

        Assert.AreEqual(0, lease.Cores);
        Assert.AreEqual(4, _budgets.For(_cpu).Cores.Free);
        Assert.AreEqual(1000, _host.Used);
    }

    [TestMethod]
    public async Task LeaseAsync_AnotherWaitsForTheMemoryThatIsHeld_CoresAreStillLent()
    {
        using var memory = await _broker.LeaseAsync(new WorkloadEstimate { Cores = 0, MemoryBytes = 3000 });
        var waiting = _broker.LeaseAsync(new WorkloadEstimate { MemoryBytes = 3000 }).AsTask();
        Assert.IsFalse(waiting.IsCompleted);

        using (var cores = await _broker.LeaseAsync(new WorkloadEstimate { Cores = 4, HeldMemory = memory })) Assert.AreEqual(4, cores.Cores);

        memory.Dispose();
        (await waiting).Dispose();
    }

    [TestMethod]
    public async Task LeaseAsync_CancelledWhileItWaitsForCores_GivesItsMemoryBack()
    {
        using var source = new CancellationTokenSource();
        using var lane = new TestWaiter();
        _budgets.For(_cpu).Cores.TryTake(4, lane);
        var waiting = _broker.LeaseAsync(new WorkloadEstimate { MemoryBytes = 1000 }, source.Token).AsTask();
        Assert.AreEqual(1000, _host.Used);

        await source.CancelAsync();
        var error = await Assert.ThrowsAsync<OperationCanceledException>(() => waiting);

        Assert.AreEqual(source.Token, error.CancellationToken);
        Assert.AreEqual(0, _host.Used);
        _budgets.For(_cpu).Cores.Return(4);
        Assert.AreEqual(4, _budgets.For(_cpu).Cores.Free);
    }

    [TestMethod]
    public async Task Dispose_SomebodyWaits_IsRejectedAndLeasesStayValid()
    {
        var held = await _broker.LeaseAsync(new WorkloadEstimate { MemoryBytes = 3000 });
        var waiting = _broker.LeaseAsync(new WorkloadEstimate { MemoryBytes = 1 }).AsTask();
        Assert.IsFalse(waiting.IsCompleted);

        _broker.Dispose();
        _broker.Dispose();

        Assert.AreEqual(RejectionReason.ShuttingDown, (await Assert.ThrowsExactlyAsync<RequestRejectedException>(() => waiting)).Reason);
        await Assert.ThrowsExactlyAsync<RequestRejectedException>(() => _broker.LeaseAsync(new WorkloadEstimate()).AsTask());
        held.Dispose();
        Assert.AreEqual(0, _host.Used);
    }

    [TestMethod]
    public Task LeaseAsync_AnyOrderOfLeasesAndReturns_EndsServedWithNothingOut() =>
        Gen.Select(Gen.Int[1, 6], Gen.Int[1, 4], Gen.Long[0, 3000], Gen.Bool).Array[1, 40].SampleAsync(async events =>
        {
            var waiting = new List<Task<DeviceLease>>();
            foreach (var (wanted, min, bytes, isReturned) in events)
            {
                waiting.Add(_broker.LeaseAsync(new WorkloadEstimate { Cores = Math.Max(wanted, min), MinCores = min, MemoryBytes = bytes }).AsTask());
                if (isReturned && waiting[0].IsCompleted) await ReturnFirst();
            }

            while (waiting.Count > 0) await ReturnFirst();
            return _budgets.For(_cpu).Cores.Free == 4 && _host.Used == 0;

            async Task ReturnFirst()
            {
                // First in, first out: the oldest never waits for a younger one.
                (await waiting[0].WaitAsync(TimeSpan.FromSeconds(60))).Dispose();
                waiting.RemoveAt(0);
            }
        }, threads: 1);

    [TestMethod]
    public async Task LeaseAsync_FromManyThreadsWithLanesAndCancellation_NeverLendsMoreThanThereIs()
    {
        var (cores, memory) = (0, 0L);
        var budget = _budgets.For(_cpu);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(seed => Task.Run(async () =>
        {
            var random = new Random(seed);
            using var lane = new TestWaiter();
            for (var i = 0; i < 1000; i++)
            {
                if (budget.Cores.TryTake(1, lane)) budget.Cores.Return(1);
                else budget.Cores.Forfeit(lane);
                using var source = new CancellationTokenSource();
                var leasing = _broker.LeaseAsync(new WorkloadEstimate { Cores = 4, MinCores = random.Next(1, 5), MemoryBytes = random.Next(3000) }, source.Token);
                if (random.Next(3) == 0) await source.CancelAsync();
                try
                {
                    using var lease = await leasing;
                    Assert.IsLessThanOrEqualTo(4, Interlocked.Add(ref cores, lease.Cores));
                    Assert.IsLessThanOrEqualTo(3000, Interlocked.Add(ref memory, lease.MemoryBytes));
                    await Task.Yield();
                    Interlocked.Add(ref cores, -lease.Cores);
                    Interlocked.Add(ref memory, -lease.MemoryBytes);
                }
                catch (OperationCanceledException)
                {
                    Assert.IsTrue(source.IsCancellationRequested);
                }
            }
        }))).WaitAsync(TimeSpan.FromSeconds(120));

        Assert.AreEqual(4, budget.Cores.Free);
        Assert.AreEqual(0, _host.Used);
    }

    [TestMethod]
    public async Task Resolve_FromTheContainer_LendsTheEnginesDevices()
    {
        await using var fixture = new EngineFixture(more: b => b.AddSecond(d =>
        {
            d.Kind = DeviceKind.Cpu;
            d.Parallelism = 2;
        }));
        var broker = fixture.Services.GetRequiredService<IDeviceBroker>();

        await using var lease = await broker.LeaseAsync(new WorkloadEstimate { Cores = 8, MemoryBytes = 1 << 20 });

        Assert.AreEqual(("sim:1", 2), (lease.DeviceId, lease.Cores));
    }

    /// <summary>Two devices of an engine, whose profiles an earlier process has kept.</summary>
    [TestMethod]
    [DataRow("sim:1", "it was measured to read 200 GB/s, which is 50 steps a second at most, the most of 2 with the memory free")]
    [DataRow("sim:0", "it was asked for by name")]
    public async Task Resolve_DevicesWereMeasured_LendsTheOneThatReadsFastest(string expected, string reason)
    {
        using var folder = new TemporaryFolder();
        await using var fixture = new EngineFixture(
            d => (d.MemoryBandwidth, d.MemoryBytes) = (30e9, 64L << 30),
            options => options.CacheFolder = folder.Path,
            b =>
            {
                b.AddSecond(d => (d.MemoryBandwidth, d.MemoryBytes) = (200e9, 16L << 30));
                b.Services.Configure<EdgeAIOptions>(options => options.Cache = MeasurementCache.ReadWrite);
            });
        var store = new ProfileStore(Path.Combine(folder.Path, "devices"), MeasurementCache.ReadWrite, NullLogger.Instance);
        foreach (var id in new[] { "sim:0", "sim:1" })
        {
            var device = fixture.Services.GetSimulatedDevice(id);
            store.Save(ProfileKey.Of(device.Info), device.TrueProfile);
        }

        var estimate = new WorkloadEstimate { DeviceId = expected == "sim:0" ? expected : null, DeviceIds = ["sim:0", "sim:1"], Cores = 0, MemoryBytes = 5_000_000_000, BytesPerStep = 4_000_000_000 };
        await using var lease = await fixture.Services.GetRequiredService<IDeviceBroker>().LeaseAsync(estimate);

        Assert.AreEqual((expected, reason), (lease.DeviceId, lease.Reason));
    }

    private DeviceBroker Broker(params SimulatedDevice[] devices) => new(
        _budgets,
        _ => new ValueTask<IReadOnlyList<IDevice>>(devices),
        device => _bandwidths.TryGetValue(device.Id, out var bandwidth) ? new DeviceProfile { ReadBandwidth = bandwidth, MeasuredAt = DateTimeOffset.UnixEpoch, Versions = "" } : null);
}
