namespace EdgeAI.Scheduling;

[TestClass]
public sealed class SchedulerTests
{
    [TestMethod]
    public void Submit_IdleLane_StartsAtOnce()
    {
        var harness = new SchedulerHarness();
        var lane = harness.AddLane();

        var item = harness.Submit("a");

        Assert.AreSame(item, lane.Current);
        Assert.AreEqual(0, harness.Scheduler.Waiting);
        Assert.AreEqual(1, harness.Scheduler.Running);
    }

    [TestMethod]
    public void Finish_SamePriority_RunsInOrderOfArrival()
    {
        var harness = new SchedulerHarness();
        var lane = harness.AddLane();
        foreach (var name in "abcd") harness.Submit(name.ToString());

        Assert.AreEqual("a b c d", harness.RunAll(lane));
    }

    [TestMethod]
    public void Finish_DifferentPriorities_RunsHighFirst()
    {
        var harness = new SchedulerHarness();
        var lane = harness.AddLane();
        harness.Submit("running");
        harness.Submit("low", RequestPriority.Low);
        harness.Submit("normal");
        harness.Submit("high", RequestPriority.High);

        Assert.AreEqual("running high normal low", harness.RunAll(lane));
    }

    [TestMethod]
    public void Finish_SamePriorityWithDeadlines_RunsEarliestDeadlineFirst()
    {
        var harness = new SchedulerHarness();
        var lane = harness.AddLane();
        harness.Submit("running");
        harness.Submit("none");
        harness.Submit("late", deadline: 500);
        harness.Submit("soon", deadline: 200);

        Assert.AreEqual("running soon late none", harness.RunAll(lane));
    }

    [TestMethod]
    public void Finish_LowWaitedTwoAgingPeriodsLonger_RunsBeforeHigh()
    {
        var harness = new SchedulerHarness(agingPeriod: 100);
        var lane = harness.AddLane();
        harness.Submit("running");
        harness.Submit("low", RequestPriority.Low);
        harness.Now = 199;
        harness.Submit("high-just-before", RequestPriority.High);
        harness.Now = 201;
        harness.Submit("high-after", RequestPriority.High);

        Assert.AreEqual("running high-just-before low high-after", harness.RunAll(lane));
    }

    [TestMethod]
    public void Finish_AgedLevel_RunsItsOldestNotItsMostUrgent()
    {
        var harness = new SchedulerHarness(agingPeriod: 100);
        var lane = harness.AddLane();
        harness.Submit("running");
        harness.Submit("starved", RequestPriority.Low);
        harness.Now = 300;
        harness.Submit("fresh-with-deadline", RequestPriority.Low, deadline: 10_000);
        harness.Submit("high", RequestPriority.High);

        Assert.AreEqual("running starved high fresh-with-deadline", harness.RunAll(lane));
    }

    [TestMethod]
    public void Submit_QueueFull_RejectsTheNewcomerAtOnceWithRetryAfter()
    {
        var harness = new SchedulerHarness(maxQueueLength: 2);
        var lane = harness.AddLane();
        harness.Submit("a");
        harness.Finish(lane, runTicks: 50);
        for (var i = 0; i < 3; i++) harness.Submit($"accepted {i}");

        var refused = harness.Submit("refused");

        Assert.HasCount(1, harness.Rejected);
        Assert.AreEqual((refused, RejectionReason.QueueFull, 150L), harness.Rejected[0]);
        Assert.AreEqual(2, harness.Scheduler.Waiting);
    }

    [TestMethod]
    public void Submit_QueueFullOfHeldItems_RejectsAnotherOfTheirKeyThoughALaneIsIdle()
    {
        var harness = new SchedulerHarness(maxQueueLength: 2);
        harness.AddLane();
        harness.AddLane();
        for (var i = 0; i < 3; i++) harness.Submit($"accepted {i}", orderKey: "k");

        harness.Submit("refused", orderKey: "k");
        harness.Submit("other");

        Assert.AreEqual("refused", harness.Rejected.Single().Item.ToString());
        Assert.AreEqual("accepted 0 other", string.Join(' ', harness.Started));
    }

    [TestMethod]
    public void Advance_DeadlinePassesWhileLaneIsBusy_RejectsThen()
    {
        var harness = new SchedulerHarness();
        harness.AddLane();
        harness.Submit("running");
        var item = harness.Submit("waits", deadline: 300);
        Assert.AreEqual(300, harness.Scheduler.NextTimeout);

        harness.Advance(299);
        Assert.IsEmpty(harness.Rejected);
        harness.Advance(300);

        Assert.AreEqual((item, RejectionReason.DeadlineExceeded, 0L), harness.Rejected[0]);
        Assert.IsGreaterThan(300, harness.Scheduler.NextTimeout);
    }

    [TestMethod]
    public void Finish_NextItemHasExpiredUnnoticed_RejectsItInsteadOfRunningIt()
    {
        var harness = new SchedulerHarness();
        var lane = harness.AddLane();
        harness.Submit("running");
        harness.Submit("expired", deadline: 100);
        harness.Submit("next");

        harness.Now = 100;
        harness.Finish(lane);

        Assert.AreEqual("running next", string.Join(' ', harness.Started));
        Assert.AreEqual(RejectionReason.DeadlineExceeded, harness.Rejected.Single().Reason);
    }

    [TestMethod]
    public void Submit_DeadlineAlreadyPassed_IsRejectedEvenWithAnIdleLane()
    {
        var harness = new SchedulerHarness { Now = 10 };
        harness.AddLane();

        harness.Submit("late", deadline: 10);

        Assert.AreEqual(RejectionReason.DeadlineExceeded, harness.Rejected.Single().Reason);
        Assert.IsEmpty(harness.Started);
    }

    [TestMethod]
    public void Cancel_Waiting_NeverRuns()
    {
        var harness = new SchedulerHarness();
        var lane = harness.AddLane();
        harness.Submit("a");
        var b = harness.Submit("b");
        harness.Submit("c");

        harness.Cancel(b);

        Assert.AreSame(b, harness.Cancelled.Single());
        Assert.AreEqual("a c", harness.RunAll(lane));
    }

    [TestMethod]
    public void Cancel_RunningOrFinished_IsLeftAlone()
    {
        var harness = new SchedulerHarness();
        var lane = harness.AddLane();
        var item = harness.Submit("a");

        harness.Cancel(item);
        harness.Finish(lane);
        harness.Cancel(item);

        Assert.IsEmpty(harness.Cancelled);
    }

    [TestMethod]
    public void Submit_PinnedItem_WaitsForItsDevice()
    {
        var harness = new SchedulerHarness();
        var cpu = harness.AddLane("cpu:0");
        var pinned = harness.Submit("pinned", deviceId: "gpu:0");
        Assert.IsNull(cpu.Current);

        var gpu = harness.AddLane("gpu:0", acceptsUnpinned: false);
        harness.Submit("free");

        Assert.AreSame(pinned, gpu.Current);
        Assert.AreEqual("free", cpu.Current!.ToString());
    }

    [TestMethod]
    public void Finish_PinnedAndSharedWait_RunsTheMoreUrgentFirst()
    {
        var harness = new SchedulerHarness();
        var lane = harness.AddLane("cpu:0");
        harness.Submit("running");
        harness.Submit("pinned", deviceId: "cpu:0");
        harness.Submit("shared-high", RequestPriority.High);

        Assert.AreEqual("running shared-high pinned", harness.RunAll(lane));
    }

    [TestMethod]
    public void Submit_SameOrderKey_RunsOneAfterTheOtherThoughLanesAreIdle()
    {
        var harness = new SchedulerHarness();
        var first = harness.AddLane();
        var second = harness.AddLane();
        harness.Submit("a1", orderKey: "a");
        harness.Submit("a2", orderKey: "a");
        harness.Submit("a3", RequestPriority.High, orderKey: "a");
        harness.Submit("b1", orderKey: "b");

        Assert.AreEqual("a1 b1", string.Join(' ', harness.Started));
        var ofA = first.Current!.ToString() == "a1" ? first : second;
        harness.Finish(ofA);
        Assert.AreEqual("a1 b1 a2", string.Join(' ', harness.Started));
        harness.Finish(ofA);
        Assert.AreEqual("a1 b1 a2 a3", string.Join(' ', harness.Started));
    }

    [TestMethod]
    public void Cancel_HeldByOrderKey_LetsTheNextOneFollow()
    {
        var harness = new SchedulerHarness();
        var lane = harness.AddLane();
        harness.Submit("a1", orderKey: "a");
        var a2 = harness.Submit("a2", orderKey: "a");
        harness.Submit("a3", orderKey: "a");

        harness.Cancel(a2);

        Assert.AreEqual("a1 a3", harness.RunAll(lane));
    }

    [TestMethod]
    public void Drain_WorkLeft_RunsItRejectsNewWorkAndThenReports()
    {
        var harness = new SchedulerHarness();
        var lane = harness.AddLane();
        harness.Submit("a");
        harness.Submit("b");

        harness.Drain();
        harness.Submit("late");

        Assert.AreEqual(RejectionReason.ShuttingDown, harness.Rejected.Single().Reason);
        Assert.IsFalse(harness.IsDrained);
        Assert.AreEqual("a b", harness.RunAll(lane));
        Assert.IsTrue(harness.IsDrained);
    }

    [TestMethod]
    public void Abort_WorkLeft_RejectsWhatWaitsAndReportsAfterTheRunningOne()
    {
        var harness = new SchedulerHarness();
        var lane = harness.AddLane();
        harness.Submit("a");
        harness.Submit("b");
        harness.Submit("held", orderKey: "k");
        harness.Submit("held2", orderKey: "k");

        harness.Abort();

        Assert.HasCount(3, harness.Rejected);
        Assert.IsFalse(harness.IsDrained);
        harness.Finish(lane);
        Assert.IsTrue(harness.IsDrained);
    }
}
