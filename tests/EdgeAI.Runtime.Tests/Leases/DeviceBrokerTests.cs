using CsCheck;
using EdgeAI.Engine;
using EdgeAI.Memory;
using EdgeAI.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAI.Leases;

[TestClass]
public sealed class DeviceBrokerTests : IDisposable
{
    private static readonly DeviceInfo _gpu = new("gpu:0", "test", DeviceKind.Gpu, "GPU") { MemoryBytes = 5000 };
    private static readonly DeviceInfo _cpu = new("cpu:0", "test", DeviceKind.Cpu, "CPU") { MemoryBytes = 4000, Parallelism = 4 };

    private readonly MemoryBudget _host = new(3000);
    private readonly DeviceBudgets _budgets;
    private readonly DeviceBroker _broker;

    public DeviceBrokerTests()
    {
        _budgets = new DeviceBudgets(_host);
        _broker = new DeviceBroker(_budgets, _ => new ValueTask<IReadOnlyList<DeviceInfo>>([_gpu, _cpu]));
    }

    public void Dispose() => _broker.Dispose();

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
        using var broker = new DeviceBroker(_budgets, _ => new ValueTask<IReadOnlyList<DeviceInfo>>([_gpu]));

        var error = await Assert.ThrowsExactlyAsync<NoCompatibleDeviceException>(() => broker.LeaseAsync(new WorkloadEstimate()).AsTask());

        Assert.AreEqual("gpu:0", error.Reasons.Single().Device);
    }

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
}
