using EdgeAI.Engine;
using EdgeAI.Leases;
using EdgeAI.Scheduling;
using EdgeAI.Testing;

namespace EdgeAI.Acceptance;

/// <summary>What Triton's tests of warm-up and of a model's life ask for.</summary>
[TestClass]
public sealed class LifecycleTests
{
    // Origin: Triton qa/L0_warmup: a model is not ready before it is warm
    [TestMethod]
    public async Task LoadAsync_WarmUp_IsReadyOnlyAfterIt()
    {
        await using var fixture = EngineFixture.ForBatching(EngineFixture.TakesOneSecond);
        var loading = fixture.LoadBatchingAsync(options => options.WarmUp = true);
        await fixture.Device.WhenAsync(s => s.Waiting == 1);

        Assert.IsFalse(loading.IsCompleted);
        await fixture.PassOneRunAsync();

        await using var model = await loading;
        Assert.AreEqual(1, fixture.Device.Statistics.RunsCompleted);
    }

    // Origin: Triton qa/L0_warmup, failing_infer: a warm-up that fails is told and leaves nothing open
    [TestMethod]
    public async Task LoadAsync_WarmUpFails_Surfaces()
    {
        await using var fixture = EngineFixture.ForBatching();
        fixture.Device.Faults.OnRun(1, SimulatedFault.DeviceFault);

        await Assert.ThrowsAsync<EdgeAIException>(() => fixture.LoadBatchingAsync(options => options.WarmUp = true));

        Assert.AreEqual(0, fixture.Device.Statistics.OpenSessions);
    }

    // Origin: Triton qa/L0_lifecycle/lifecycle_test.py::test_shutdown_dynamic: what was accepted is finished, later requests are refused
    [TestMethod]
    public async Task DisposeAsync_BatchesInFlight_FinishesThemAndRefusesLaterOnes()
    {
        await using var fixture = EngineFixture.ForBatching(EngineFixture.TakesOneSecond);
        var model = await fixture.LoadBatchingAsync();
        var runs = Enumerable.Range(0, 12).Select(i => model.RunAsync(EngineFixture.Request(i))).ToArray();
        await fixture.Device.WhenAsync(s => s.Waiting == 1);

        var disposal = model.DisposeAsync().AsTask();
        Assert.AreEqual(RejectionReason.ShuttingDown, (await Assert.ThrowsExactlyAsync<RequestRejectedException>(() => model.RunAsync(EngineFixture.Request()))).Reason);
        await fixture.PassRunsAsync(3);

        await disposal;
        for (var i = 0; i < runs.Length; i++)
        {
            using var response = await runs[i];
            Assert.AreEqual(i, response["y"].AsSpan<float>()[0]);
        }
    }

    // Origin: Triton qa/L0_lifecycle/lifecycle_test.py::test_shutdown_with_live_connection: what does not end in time is ended
    [TestMethod]
    public async Task DisposeAsync_BatchOutlastsTheDrainTime_EveryMemberGetsATypedError()
    {
        await using var fixture = EngineFixture.ForBatching(device => device.Latency = LatencyCurve.Constant(TimeSpan.FromHours(1)), engine => engine.DrainTimeout = TimeSpan.FromSeconds(5));
        var model = await fixture.LoadBatchingAsync();
        var runs = Enumerable.Range(0, 12).Select(i => model.RunAsync(EngineFixture.Request(i))).ToArray();
        await fixture.Device.WhenAsync(s => s.Waiting == 1);

        var disposal = model.DisposeAsync().AsTask();
        fixture.Time.Advance(TimeSpan.FromSeconds(5));
        await disposal;

        foreach (var run in runs) Assert.AreEqual(RejectionReason.ShuttingDown, (await Assert.ThrowsExactlyAsync<RequestRejectedException>(() => run)).Reason);
    }

    // Origin: Triton qa/L0_lifecycle/lifecycle_test.py::test_concurrent_same_model_load_unload_stress
    [TestMethod]
    public async Task LoadAndDispose_ManyAtOnce_NothingHangsOrStaysOpen()
    {
        await using var fixture = EngineFixture.ForBatching();

        await Task.WhenAll(Enumerable.Range(0, 16).Select(worker => Task.Run(async () =>
        {
            for (var round = 0; round < 10; round++)
            {
                await using var model = await fixture.LoadBatchingAsync();
                var runs = Enumerable.Range(0, 10).Select(i => model.RunAsync(EngineFixture.Request((100 * worker) + i))).ToArray();
                for (var i = 0; i < runs.Length; i++)
                {
                    using var response = await runs[i];
                    Assert.AreEqual((100 * worker) + i, response["y"].AsSpan<float>()[0]);
                }
            }
        })));
    }

    // Origin: Triton qa/L0_lifecycle (model update): lanes are exchanged under load and nothing is lost
    [TestMethod]
    public void RemoveLanes_UnderLoad_LosesNothing()
    {
        var harness = new SchedulerHarness(maxQueueLength: 1000);
        var group = Group();
        var lanes = harness.AddLanes(group, 2).ToList();
        var submitted = 0;
        var finished = 0;
        for (var step = 1; step <= 300; step++)
        {
            harness.Now = step * 1000;
            harness.Submit($"{submitted++}", orderKey: step % 7 == 0 ? "key" : null, shape: harness.Stackable);
            if (step % 10 == 0)
            {
                var old = group;
                lanes.AddRange(harness.AddLanes(group = Group(), 1 + (step % 3)));
                harness.RemoveLanes(old);
            }

            if (step % 2 == 0 && lanes.Find(lane => lane.IsWorking) is { } busy) Finish(busy);
        }

        while (lanes.Find(lane => lane.IsWorking) is { } busy) Finish(busy);

        Assert.AreEqual(submitted, finished);
        Assert.AreEqual(submitted, harness.Started.Distinct().Count());
        Assert.IsEmpty(harness.Rejected);
        Assert.HasCount(lanes.Count(lane => lane.Group != group), harness.Retired.Distinct());

        void Finish(FakeLane lane)
        {
            finished += lane.Batch.Count;
            harness.Finish(lane, runTicks: 100);
        }

        static LaneGroup Group() => new("cpu:0", acceptsUnpinned: true, coresPerLane: 1, new CoreBudget(null), maxRows: 4);
    }
}
