using EdgeAI.Batching;
using EdgeAI.Batching.Policies;
using EdgeAI.Engine;
using EdgeAI.Leases;
using EdgeAI.Profiling;
using EdgeAI.Scheduling;

namespace EdgeAI.Acceptance;

/// <summary>What Triton's tests of its dynamic batcher ask for, in virtual time.</summary>
[TestClass]
public sealed class TritonBatcherTests
{
    private static readonly SchedulerLimits _limits = new() { MaxQueueLength = 100, AgingPeriod = 100_000, MaxBatchWait = 100 };

    // Origin: Triton qa/L0_batcher/batcher_test.py::test_multi_batch_delayed_sum_gt_max_preferred
    [TestMethod]
    public void Submit_SumExceedsTheLargestBatch_SendsTheFirstAtOnceAndTheSecondAfterItsDelay()
    {
        var harness = new SchedulerHarness(policy: new FixedWaitPolicy(), limits: _limits);
        var lane = harness.AddBatchingLane(maxRows: 6);

        harness.Submit("three", rows: 3, shape: harness.Stackable);
        Assert.IsEmpty(harness.Runs);
        harness.Submit("four", rows: 4, shape: harness.Stackable);
        CollectionAssert.AreEqual(new[] { "three" }, harness.Runs);
        harness.Finish(lane);
        harness.Advance(99);
        Assert.HasCount(1, harness.Runs);
        harness.Advance(100);

        CollectionAssert.AreEqual(new[] { "three", "four" }, harness.Runs);
    }

    // Origin: Triton qa/L0_batcher/batcher_test.py::test_multi_batch_sum_gt_max_preferred
    [TestMethod]
    public void Finish_SumExceedsTheLargestBatch_RunsNeitherSplitNorMerged()
    {
        var harness = new SchedulerHarness();
        var lane = harness.AddBatchingLane(maxRows: 6);
        harness.Submit("running");
        harness.Submit("four", rows: 4, shape: harness.Stackable);
        harness.Submit("three", rows: 3, shape: harness.Stackable);
        harness.Submit("nine", rows: 9, shape: harness.Stackable);

        harness.RunAll(lane);

        CollectionAssert.AreEqual(new[] { "running", "four", "three", "nine" }, harness.Runs);
    }

    // Origin: Triton qa/L0_batcher/batcher_test.py::test_max_queue_delay_only_default
    [TestMethod]
    public void Submit_TwelveWithoutDelay_AreTwoRuns()
    {
        var harness = new SchedulerHarness();
        var lane = harness.AddBatchingLane(maxRows: 32);
        harness.SubmitStackable(12);

        harness.RunAll(lane);

        Assert.HasCount(2, harness.Runs);
        Assert.HasCount(12, harness.Started);
        Assert.AreEqual("0", harness.Runs[0]);
    }

    // Origin: Triton qa/L0_batcher/batcher_test.py::test_max_queue_delay_only_non_default
    [TestMethod]
    public void Submit_TwelveWithinTheDelay_AreOneRunWhenItIsOver()
    {
        var harness = new SchedulerHarness(policy: new FixedWaitPolicy(), limits: _limits);
        harness.AddBatchingLane(maxRows: 32);
        harness.SubmitStackable(12);
        Assert.IsEmpty(harness.Runs);
        Assert.AreEqual(100, harness.Scheduler.NextWaitEnd);

        harness.Advance(100);

        Assert.HasCount(1, harness.Runs);
        Assert.HasCount(12, harness.Started);
    }

    // Origin: Triton qa/L0_batcher/batcher_test.py::test_multi_batch_different_shape
    [TestMethod]
    public void Finish_DifferentShapes_AreNeverMixed()
    {
        var harness = new SchedulerHarness();
        var lane = harness.AddBatchingLane(maxRows: 16);
        var other = new ShapeGroup(new BatchLayout([0], [0]));
        harness.Submit("running");
        for (var i = 0; i < 4; i++)
        {
            harness.Submit($"a{i}", shape: harness.Stackable);
            harness.Submit($"b{i}", shape: other);
        }

        harness.RunAll(lane);

        CollectionAssert.AreEqual(new[] { "running", "a0+a1+a2+a3", "b0+b1+b2+b3" }, harness.Runs);
    }

    // Origin: Triton qa/L0_batcher/batcher_test.py::test_multi_batch_different_shape: the other shape closes the batch that is waited for
    [TestMethod]
    public void Submit_AnotherShapeWhileWaiting_EndsTheWait()
    {
        var harness = new SchedulerHarness(policy: new FixedWaitPolicy(), limits: _limits);
        var lane = harness.AddBatchingLane(maxRows: 8);
        var other = new ShapeGroup(new BatchLayout([0], [0]));
        harness.Submit("a0", shape: harness.Stackable);
        harness.Submit("a1", shape: harness.Stackable);

        harness.Submit("b", shape: other);
        harness.RunAll(lane);

        Assert.AreEqual("a0+a1", harness.Runs[0]);
    }

    // Origin: Triton qa/L0_batcher/batcher_test.py::test_preferred_batch_only_unaligned
    [TestMethod]
    public void Finish_RowsThatDoNotFitTheEfficientSizes_GiveTheQuickestHistogram()
    {
        var harness = new SchedulerHarness();
        var group = new LaneGroup("cpu:0", acceptsUnpinned: true, coresPerLane: 1, new CoreBudget(null), maxRows: 8);
        var lane = harness.AddLanes(group, 1)[0];
        // Kernels work by fours: five rows take as long as eight.
        var curve = Curve((1, 10), (4, 12), (5, 30), (8, 32));
        harness.Stackable.CostsOn(group).Replace(curve, curve);
        harness.Submit("running");
        harness.SubmitStackable(10);

        while (lane.IsWorking) harness.Finish(lane, runTicks: 0);

        CollectionAssert.AreEquivalent(new[] { 1, 2, 4, 4 }, harness.Runs.Select(run => run.Split('+').Length).ToArray());
    }

    // Origin: Triton qa/L0_batcher/batcher_test.py::test_multi_batch_preserve_ordering, verify_timestamps.py
    [TestMethod]
    public void Finish_SlowAndFastLane_AnswersOfAKeyKeepTheirOrder()
    {
        var harness = new SchedulerHarness();
        var group = new LaneGroup("cpu:0", acceptsUnpinned: true, coresPerLane: 1, new CoreBudget(null), maxRows: 8);
        var (slow, fast) = harness.AddLanes(group, 2) is [var a, var b] ? (a, b) : default;
        var answered = new List<string>();
        for (var i = 0; i < 12; i++) harness.Submit($"{i}", orderKey: i % 3 == 0 ? "other" : "stream", shape: harness.Stackable);

        for (var time = 1; slow.IsWorking || fast.IsWorking; time++)
        {
            harness.Now = time * 100;
            if (fast.IsWorking) Answer(fast);
            if (time % 4 == 0 && slow.IsWorking) Answer(slow);
        }

        Assert.HasCount(12, answered);
        foreach (var key in answered.GroupBy(name => int.Parse(name) % 3 == 0))
        {
            CollectionAssert.AreEqual(key.OrderBy(int.Parse).ToArray(), key.ToArray());
        }

        void Answer(FakeLane lane)
        {
            answered.AddRange(lane.Batch.Items.Select(item => item.ToString()!));
            harness.Finish(lane, runTicks: 100);
        }
    }

    // Origin: Triton qa/L0_batcher/batcher_test.py::test_multi_different_output_order
    [TestMethod]
    public async Task RunAsync_OutputsInDifferentOrders_EachRequestGetsItsOwn()
    {
        await using var fixture = EngineFixture.ForBatching(EngineFixture.TakesOneSecond);
        await using var model = await fixture.LoadTwoOutputsAsync();
        var first = model.RunAsync(EngineFixture.Request(0));
        await fixture.Device.WhenAsync(s => s.Waiting == 1);

        string[][] orders = [["y", "z"], ["z", "y"], ["z"], ["y"]];
        var runs = Enumerable.Range(0, 12).Select(i => model.RunAsync(new InferenceRequest { ["x"] = EngineFixture.Request(i)["x"], OutputNames = orders[i % 4] })).ToArray();
        for (var run = 0; run < 5; run++) await fixture.PassOneRunAsync();

        (await first).Dispose();
        for (var i = 0; i < runs.Length; i++)
        {
            using var response = await runs[i];
            CollectionAssert.AreEqual(orders[i % 4], response.OutputNames.ToArray());
            Assert.AreEqual(3, response.Timings.BatchSize, "only equal selections share a run");
            if (orders[i % 4].Contains("y")) Assert.AreEqual(i, response["y"].AsSpan<float>()[0]);
            if (orders[i % 4].Contains("z")) Assert.AreEqual(4 * i, response["z"].AsSpan<float>()[0]);
        }
    }

    // Origin: Triton core/src/dynamic_batch_scheduler.cc: a batch goes when its oldest request has waited the delay, also when others have just come
    [TestMethod]
    public void Submit_NewArrivals_DoNotExtendTheDelayOfTheOldest()
    {
        var harness = new SchedulerHarness(policy: new FixedWaitPolicy(), limits: _limits);
        harness.AddBatchingLane(maxRows: 8);
        harness.Submit("old", shape: harness.Stackable);
        harness.Now = 99;
        harness.Submit("new", shape: harness.Stackable);
        Assert.IsEmpty(harness.Runs);

        harness.Advance(100);

        Assert.AreEqual("old+new", harness.Runs.Single());
    }

    internal static LatencyCurve Curve(params (int Rows, long Ticks)[] points) =>
        LatencyCurve.Create(points.Select(point => new CurvePoint(point.Rows, point.Ticks, point.Ticks, 10)));
}
