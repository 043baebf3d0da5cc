using EdgeAI.Batching.Policies;
using EdgeAI.Engine;
using EdgeAI.Scheduling;

namespace EdgeAI.Acceptance;

/// <summary>What Triton's tests of request cancellation ask for, in virtual time.</summary>
[TestClass]
public sealed class CancellationTests
{
    // Origin: Triton qa/L0_request_cancellation/scheduler_test.py::test_dynamic_batch_scheduler_request_cancellation
    [TestMethod]
    public async Task RunAsync_CancelledWhileQueued_NeverRunsAndItsMatesAreAnswered()
    {
        await using var fixture = EngineFixture.ForBatching(EngineFixture.TakesOneSecond);
        await using var model = await fixture.LoadBatchingAsync();
        using var cancellation = new CancellationTokenSource();
        var running = model.RunAsync(EngineFixture.Request());
        var mates = Enumerable.Range(1, 4).Select(i => model.RunAsync(EngineFixture.Request(i))).ToArray();
        var cancelled = model.RunAsync(EngineFixture.Request(9), cancellation.Token);
        await fixture.Device.WhenAsync(s => s.Waiting == 1);

        await cancellation.CancelAsync();

        Assert.IsTrue(cancelled.IsCanceled);
        await fixture.PassOneRunAsync();
        await fixture.PassOneRunAsync();
        (await running).Dispose();
        for (var i = 0; i < mates.Length; i++)
        {
            using var response = await mates[i];
            Assert.AreEqual(i + 1, response["y"].AsSpan<float>()[0]);
            Assert.AreEqual(4, response.Timings.BatchSize);
        }
    }

    // Origin: Triton qa/L0_request_cancellation/scheduler_test.py: whatever the batcher holds back is cancelled too
    [TestMethod]
    public void Cancel_TheOnlyOneThatALaneWaitsWith_EndsTheWait()
    {
        var harness = new SchedulerHarness(policy: new FixedWaitPolicy(), limits: new SchedulerLimits { MaxQueueLength = 10, AgingPeriod = 1000, MaxBatchWait = 100 });
        var lane = harness.AddBatchingLane(maxRows: 8);
        var item = harness.Submit("a", shape: harness.Stackable);
        Assert.AreEqual(100, lane.WaitEnd);

        harness.Cancel(item);

        Assert.AreEqual(0, lane.WaitEnd, "the lane would ask for work again and again");
        Assert.AreEqual(WorkItem.NoDeadline, harness.Scheduler.NextWaitEnd);
        harness.Now = 500;
        harness.Submit("b", shape: harness.Stackable);
        Assert.AreEqual(600, harness.Scheduler.NextWaitEnd, "a later request has a wait of its own");
    }

    [TestMethod]
    public void Advance_DeadlineOfTheOnlyOneThatALaneWaitsWith_EndsTheWait()
    {
        var harness = new SchedulerHarness(policy: new AlwaysWait(), limits: new SchedulerLimits { MaxQueueLength = 10, AgingPeriod = 1000, MaxBatchWait = 100 });
        var lane = harness.AddBatchingLane(maxRows: 8);
        harness.Submit("a", deadline: 50, shape: harness.Stackable);

        harness.Advance(50);

        Assert.AreEqual(RejectionReason.DeadlineExceeded, harness.Rejected.Single().Reason);
        Assert.AreEqual(0, lane.WaitEnd);
    }

    [TestMethod]
    public void Abort_LaneWaits_EndsTheWait()
    {
        var harness = new SchedulerHarness(policy: new AlwaysWait(), limits: new SchedulerLimits { MaxQueueLength = 10, AgingPeriod = 1000, MaxBatchWait = 100 });
        var lane = harness.AddBatchingLane(maxRows: 8);
        harness.Submit("a", shape: harness.Stackable);

        harness.Abort();

        Assert.AreEqual(0, lane.WaitEnd);
        Assert.IsTrue(harness.IsDrained);
    }

    // Origin: Triton core/src/test/request_cancellation_test.cc::CancellationAfterRelease
    [TestMethod]
    public void Cancel_AfterCompletion_DoesNothingAlsoToALaterBatch()
    {
        var harness = new SchedulerHarness();
        var lane = harness.AddBatchingLane(maxRows: 8);
        var done = harness.Submit("done", shape: harness.Stackable);
        harness.Finish(lane);
        harness.Submit("later", shape: harness.Stackable);

        harness.Cancel(done);

        Assert.IsEmpty(harness.Cancelled);
        Assert.AreEqual("later", lane.Current!.ToString());
    }

    // Origin: Triton qa/L0_request_cancellation/scheduler_test.py::test_direct_sequence_batch_scheduler_backlog_request_cancellation
    [TestMethod]
    public void Cancel_HeadOfAnOrderKey_LetsItsFollowersRun()
    {
        var harness = new SchedulerHarness();
        var lane = harness.AddBatchingLane(maxRows: 8);
        harness.Submit("running");
        var head = harness.Submit("head", orderKey: "k", shape: harness.Stackable);
        harness.Submit("next", orderKey: "k", shape: harness.Stackable);

        harness.Cancel(head);

        Assert.AreEqual("running next", harness.RunAll(lane));
    }
}
