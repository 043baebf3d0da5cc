using EdgeAI.Engine;
using EdgeAI.Leases;
using EdgeAI.Scheduling;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace EdgeAI.Acceptance;

/// <summary>What Triton's tests of its queue policies and its rate limiter ask for, in virtual time.</summary>
[TestClass]
public sealed class TritonQueueTests
{
    // Origin: Triton qa/L0_batcher/queue_timeout_test.py: the timeout fires while the device is busy, not when it is free again
    [TestMethod]
    public void Advance_DeviceBusyTenSecondsTimeoutThree_RejectsToTheTick()
    {
        var harness = new SchedulerHarness();
        harness.AddBatchingLane(maxRows: 8);
        harness.Submit("running", shape: harness.Stackable);
        var (busy, timeout) = (TimeSpan.FromSeconds(10).Ticks, TimeSpan.FromSeconds(3).Ticks);
        harness.Submit("waiting", deadline: timeout, shape: harness.Stackable);
        Assert.AreEqual(timeout, harness.Scheduler.NextTimeout);

        harness.Advance(timeout - 1);
        Assert.IsEmpty(harness.Rejected);
        harness.Advance(timeout);

        Assert.AreEqual(RejectionReason.DeadlineExceeded, harness.Rejected.Single().Reason);
        harness.Advance(busy);
        Assert.HasCount(1, harness.Started);
    }

    // Origin: Triton qa/L0_model_queue/model_queue_test.py::test_max_queue_size
    [TestMethod]
    public async Task RunAsync_TenWithRoomForEight_RejectsExactlyTwoAtOnceAndCountsThem()
    {
        await using var fixture = EngineFixture.ForBatching(EngineFixture.TakesOneSecond);
        await using var model = await fixture.LoadBatchingAsync(options => options.MaxQueueLength = 7);
        using var rejected = new MetricCollector<long>(fixture.Services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), "EdgeAI", "edgeai.request.rejected");

        var runs = Enumerable.Range(0, 10).Select(i => model.RunAsync(EngineFixture.Request(i))).ToArray();

        Assert.AreEqual(2, runs.Count(run => run.IsFaulted));
        Assert.AreEqual(2, rejected.GetMeasurementSnapshot().Sum(measured => measured.Value));
        await fixture.PassOneRunAsync();
        await fixture.PassOneRunAsync();
        for (var i = 0; i < 8; i++)
        {
            using var response = await runs[i];
            Assert.AreEqual(i, response["y"].AsSpan<float>()[0]);
        }

        foreach (var run in runs[8..]) Assert.AreEqual(RejectionReason.QueueFull, (await Assert.ThrowsExactlyAsync<RequestRejectedException>(() => run)).Reason);
    }

    // Origin: Triton qa/L0_model_queue/model_queue_test.py::test_timeout_override; Triton ignores a request's own timeout where the model has none
    [TestMethod]
    [DataRow(null)]
    [DataRow(5)]
    public async Task RunAsync_OwnDeadline_HoldsWhetherOrNotTheModelHasOne(int? defaultSeconds)
    {
        await using var fixture = EngineFixture.ForBatching(device => device.Latency = Testing.LatencyCurve.Constant(TimeSpan.FromSeconds(10)));
        await using var model = await fixture.LoadBatchingAsync(options => options.DefaultDeadline = defaultSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
        var running = model.RunAsync(EngineFixture.Request());
        var own = model.RunAsync(EngineFixture.Request(deadline: TimeSpan.FromSeconds(1)));
        var byDefault = model.RunAsync(EngineFixture.Request());
        await fixture.Device.WhenAsync(s => s.Waiting == 1);

        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.IsTrue(own.IsFaulted);
        Assert.IsFalse(byDefault.IsCompleted);
        fixture.Time.Advance(TimeSpan.FromSeconds(4));

        Assert.AreEqual(defaultSeconds is not null, byDefault.IsFaulted);
        Assert.AreEqual(RejectionReason.DeadlineExceeded, (await Assert.ThrowsExactlyAsync<RequestRejectedException>(() => own)).Reason);
        fixture.Time.Advance(TimeSpan.FromSeconds(5));
        (await running).Dispose();
        if (defaultSeconds is not null) return;
        await fixture.Device.WhenAsync(s => s.Waiting == 1);
        fixture.Time.Advance(TimeSpan.FromSeconds(10));
        (await byDefault).Dispose();
    }

    // Origin: Triton qa/L0_model_queue/model_queue_test.py::test_policy_delay; there the deferred may wait without bound
    [TestMethod]
    public void Finish_SteadyUrgentTraffic_TheDeferredRunsWithinTheAgeingBound()
    {
        var harness = new SchedulerHarness(agingPeriod: 1000);
        var lane = harness.AddLane();
        harness.Submit("running");
        var deferred = harness.Submit("deferred", RequestPriority.Low);

        while (!harness.Started.Contains(deferred))
        {
            harness.Now += 100;
            harness.Submit($"urgent at {harness.Now}", RequestPriority.High);
            harness.Finish(lane, runTicks: 100);
        }

        // Two levels of 1000 ticks, and the urgent ones that came before.
        Assert.IsGreaterThanOrEqualTo(2000, harness.Now);
        Assert.IsLessThanOrEqualTo(2300, harness.Now);
    }

    // Origin: Triton qa/L0_model_queue/model_queue_test.py::test_priority_with_policy
    [TestMethod]
    public void Finish_Priorities_FillABatchByUrgency()
    {
        var harness = new SchedulerHarness();
        var lane = harness.AddBatchingLane(maxRows: 2);
        harness.Submit("running");
        foreach (var (name, priority) in new[] { ("low", RequestPriority.Low), ("normal", RequestPriority.Normal), ("high", RequestPriority.High), ("normal2", RequestPriority.Normal) })
        {
            harness.Submit(name, priority, shape: harness.Stackable);
        }

        harness.RunAll(lane);

        CollectionAssert.AreEqual(new[] { "running", "high+normal", "normal2+low" }, harness.Runs);
    }

    // Origin: Triton qa/L0_rate_limiter::test_cross_model_prioritization_limited_resource; without weights, so both get the same
    [TestMethod]
    public void Finish_TwoModelsShareOneCore_TakeTurns()
    {
        var cores = new CoreBudget(1);
        SchedulerHarness[] models = [new(), new()];
        var lanes = models.Select(model => model.AddLanes(new LaneGroup("cpu:0", acceptsUnpinned: true, coresPerLane: 1, cores), 1)[0]).ToArray();
        foreach (var model in models)
        {
            for (var i = 0; i < 50; i++) model.Submit($"{i}");
        }

        for (var run = 0; run < 60; run++)
        {
            Assert.AreEqual(1, lanes.Count(lane => lane.IsWorking), "one core, one run");
            var busy = lanes[0].IsWorking ? 0 : 1;
            models[busy].Now = models[1 - busy].Now = run;
            models[busy].Finish(lanes[busy]);
            models[1 - busy].Advance(run);
        }

        Assert.IsLessThanOrEqualTo(1, Math.Abs(models[0].Started.Count - models[1].Started.Count));
    }

    // Origin: Triton qa/L0_rate_limiter::test_cross_model_prioritization_plenty_resource
    [TestMethod]
    public void Submit_TwoModelsEnoughCores_RunSideBySide()
    {
        var cores = new CoreBudget(2);
        SchedulerHarness[] models = [new(), new()];
        var lanes = models.Select(model => model.AddLanes(new LaneGroup("cpu:0", acceptsUnpinned: true, coresPerLane: 1, cores), 1)[0]).ToArray();

        foreach (var model in models) model.Submit("a");

        Assert.IsTrue(lanes.All(lane => lane.IsWorking));
    }
}
