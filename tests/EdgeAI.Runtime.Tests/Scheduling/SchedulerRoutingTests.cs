using EdgeAI.Acceptance;
using EdgeAI.Leases;
using EdgeAI.Routing;
using EdgeAI.Routing.Policies;

namespace EdgeAI.Scheduling;

/// <summary>Requests among devices: who runs what, and that nothing waits beside a lane that would take it.</summary>
[TestClass]
public sealed class SchedulerRoutingTests
{
    private static readonly long _second = TimeSpan.FromSeconds(1).Ticks;

    [TestMethod]
    public void RoundRobin_SeveralIdleDevices_TakesThemInTurn()
    {
        var harness = new SchedulerHarness(routing: new RoundRobinPolicy());
        FakeLane[] lanes = [harness.AddLane("a"), harness.AddLane("b"), harness.AddLane("c")];

        for (var i = 0; i < 3; i++) harness.Submit($"{i}");

        CollectionAssert.AreEqual(new[] { "0", "1", "2" }, lanes.Select(lane => $"{lane.Current}").ToArray());
        foreach (var lane in lanes) harness.Finish(lane);
        harness.Submit("3");
        Assert.AreEqual("3", $"{lanes[0].Current}");
    }

    [TestMethod]
    public void PolicyThatChangesItsMind_IdleLanes_NothingIsLeftWaiting()
    {
        var harness = new SchedulerHarness(routing: new Alternating());
        FakeLane[] lanes = [harness.AddLane("a"), harness.AddLane("b")];

        harness.Submit("0");

        Assert.AreEqual(1, lanes.Count(lane => lane.IsWorking));
    }

    [TestMethod]
    public void Submit_PolicyPrefersABusyDevice_WaitsForItThoughAnotherIsFree()
    {
        var harness = new SchedulerHarness(routing: new PreferencePolicy("a"));
        var (a, b) = (harness.AddLane("a"), harness.AddLane("b"));
        harness.Submit("0");

        harness.Submit("1");
        Assert.IsFalse(b.IsWorking);
        harness.Finish(a);

        Assert.AreEqual("1", $"{a.Current}");
    }

    [TestMethod]
    public void Finish_PolicyHasChangedItsMind_TheOtherDeviceTakesWhatWaits()
    {
        var policy = new PreferencePolicy("a");
        var harness = new SchedulerHarness(routing: policy);
        var (a, b) = (harness.AddLane("a"), harness.AddLane("b"));
        harness.Submit("0");
        harness.Submit("1");
        policy.DeviceId = "b";

        harness.Finish(a);

        Assert.AreEqual("1", $"{b.Current}");
        Assert.IsFalse(a.IsWorking);
    }

    [TestMethod]
    public void Submit_NamesADevice_RunsThereWhateverThePolicySays()
    {
        var harness = new SchedulerHarness(routing: new PreferencePolicy("a"));
        var (a, b) = (harness.AddLane("a"), harness.AddLane("b"));

        harness.Submit("0", deviceId: "b");
        harness.Submit("1", deviceId: "b");

        Assert.AreEqual("0", $"{b.Current}");
        Assert.IsFalse(a.IsWorking);
        harness.Finish(b);
        Assert.AreEqual("1", $"{b.Current}");
    }

    [TestMethod]
    public void Cancel_FirstWaitedForABusyDevice_TheNextTakesTheFreeOne()
    {
        var harness = new SchedulerHarness(routing: new PreferencePolicy("b") { UrgentDeviceId = "a" });
        var (_, b) = (harness.AddLane("a"), harness.AddLane("b"));
        harness.Submit("running", deadline: 1000 * _second);
        var urgent = harness.Submit("urgent", deadline: 1000 * _second);
        harness.Submit("patient");
        Assert.IsFalse(b.IsWorking);

        harness.Cancel(urgent);

        Assert.AreEqual("patient", $"{b.Current}");
    }

    [TestMethod]
    public void Submit_SlowDeviceIsTooLateForTheMostUrgent_HelpsWithWhatCameLast()
    {
        const long Run = 10_000;
        var harness = new SchedulerHarness();
        var (fast, slow) = (harness.AddLane("fast"), harness.AddLane("slow"));
        for (var i = 0; i < 20; i++)
        {
            harness.Submit("f", deviceId: "fast");
            harness.Finish(fast, Run);
            harness.Submit("s", deviceId: "slow");
            harness.Finish(slow, 10 * Run);
        }

        harness.Submit("running", deviceId: "fast");
        harness.Submit("urgent", deadline: harness.Now + (6 * Run));
        var last = "";
        for (var i = 0; i < 30 && !slow.IsWorking; i++) harness.Submit(last = $"patient {i}", deadline: harness.Now + (1000 * Run));

        // Not before the fast device would take longer with all of it than the slow one with one.
        Assert.AreEqual(last, $"{slow.Current}");
        Assert.AreNotEqual("patient 0", last);
        harness.Finish(fast, Run);
        Assert.AreEqual("urgent", $"{fast.Current}");
        Assert.IsEmpty(harness.Rejected);
    }

    [TestMethod]
    public void LaneLost_LastOfItsDevice_TheOtherDeviceTakesWhatWaits()
    {
        var limits = new SchedulerLimits { MaxQueueLength = 10, AgingPeriod = 1000, RunTimeout = 100, AbortTimeout = 10 };
        var harness = new SchedulerHarness(limits: limits, routing: new PreferencePolicy("a"));
        var (_, b) = (harness.AddLane("a"), harness.AddLane("b"));
        harness.Submit("hangs");
        harness.Submit("waits");

        harness.Advance(100);
        harness.Advance(110);

        Assert.HasCount(1, harness.Abandoned);
        Assert.AreEqual("waits", $"{b.Current}");
    }

    [TestMethod]
    public void RemoveLanes_WhatWaitsForThem_TheOtherDeviceTakes()
    {
        var harness = new SchedulerHarness(routing: new PreferencePolicy("a"));
        var (a, b) = (harness.AddLane("a"), harness.AddLane("b"));
        harness.Submit("running");
        harness.Submit("waits");

        harness.RemoveLanes(a.Group);

        Assert.AreEqual("waits", $"{b.Current}");
    }

    [TestMethod]
    public void Observe_DeviceFailed_TheOtherDeviceTakesWhatWaitsForIt()
    {
        var harness = new SchedulerHarness(routing: new PreferencePolicy("a"));
        var (a, b) = (harness.AddLane("a"), harness.AddLane("b"));
        harness.Submit("running");
        harness.Submit("waits");

        harness.Observe("a", DeviceHealth.Failed);
        Assert.AreEqual("waits", $"{b.Current}");
        harness.Finish(a);
        harness.Submit("later");
        Assert.IsFalse(a.IsWorking);

        harness.Observe("a", DeviceHealth.Healthy);
        Assert.AreEqual("later", $"{a.Current}");
    }

    [TestMethod]
    public void WaitForMore_ItsRequestsAreBetterOffElsewhere_EndsTheWait()
    {
        var policy = new PreferencePolicy("a");
        var limits = new SchedulerLimits { MaxQueueLength = 10, AgingPeriod = 1000, MaxBatchWait = 50 };
        var harness = new SchedulerHarness(limits: limits, policy: new AlwaysWait(), routing: policy);
        var a = harness.AddLanes(new LaneGroup("a", acceptsUnpinned: true, coresPerLane: 1, new CoreBudget(null), maxRows: 8), 1)[0];
        var b = harness.AddLane("b");
        harness.Submit("busy", deviceId: "b");
        harness.Submit("waits", shape: harness.Stackable);
        Assert.AreEqual(50, a.WaitEnd);
        policy.DeviceId = "b";

        harness.Advance(50);

        Assert.AreEqual(0, a.WaitEnd);
        harness.Finish(b);
        Assert.AreEqual("waits", $"{b.Current}");
    }

    [TestMethod]
    public void Share_DeviceThatRanOnlyWhatNamesIt_TakesWhatWaits()
    {
        var harness = new SchedulerHarness(routing: new PreferencePolicy("b"));
        var (_, b) = (harness.AddLane("a"), harness.AddLane("b", acceptsUnpinned: false));
        harness.Submit("0");
        harness.Submit("1");
        Assert.IsFalse(b.IsWorking);

        harness.Share("b");

        Assert.AreEqual("1", $"{b.Current}");
    }

    [TestMethod]
    public void Fail_AnotherDeviceIsThere_ItRunsThereOnceAndNeverBack()
    {
        var harness = new SchedulerHarness(routing: new PreferencePolicy("a"));
        var (a, b) = (harness.AddLane("a"), harness.AddLane("b"));
        harness.Submit("0");

        Assert.IsEmpty(harness.Fail(a));
        Assert.AreEqual("0", $"{b.Current}");

        Assert.HasCount(1, harness.Fail(b));
        Assert.IsFalse(a.IsWorking);
        Assert.AreEqual(0, harness.Scheduler.Waiting);
        Assert.AreEqual(0, harness.Scheduler.Running);
    }

    [TestMethod]
    public void Fail_TheOtherDeviceIsBusy_DoesNotHoldUpWhatTheFirstMayRun()
    {
        var harness = new SchedulerHarness(routing: new PreferencePolicy("a"));
        var (a, b) = (harness.AddLane("a"), harness.AddLane("b"));
        harness.Submit("long", deviceId: "b");
        harness.Submit("fails");
        harness.Submit("next");

        Assert.IsEmpty(harness.Fail(a));

        Assert.AreEqual("next", $"{a.Current}");
        harness.Finish(a);
        Assert.IsFalse(a.IsWorking);
        harness.Finish(b);
        Assert.AreEqual("fails", $"{b.Current}");
    }

    [TestMethod]
    public void Fail_DeadlinePassed_IsNotOfferedAgain()
    {
        var harness = new SchedulerHarness(routing: new PreferencePolicy("a"));
        var (a, b) = (harness.AddLane("a"), harness.AddLane("b"));
        harness.Submit("0", deadline: 100);
        harness.Now = 100;

        Assert.HasCount(1, harness.Fail(a));
        Assert.IsFalse(b.IsWorking);
    }

    [TestMethod]
    public void Fail_AfterAbort_IsNotOfferedAgain()
    {
        var harness = new SchedulerHarness(routing: new PreferencePolicy("a"));
        var (a, b) = (harness.AddLane("a"), harness.AddLane("b"));
        harness.Submit("0");
        harness.Abort();

        Assert.HasCount(1, harness.Fail(a));

        Assert.IsFalse(b.IsWorking);
        Assert.IsTrue(harness.IsDrained);
    }

    [TestMethod]
    public void Fail_WhileDraining_IsRunElsewhereBeforeDrainingEnds()
    {
        var harness = new SchedulerHarness(routing: new PreferencePolicy("a"));
        var (a, b) = (harness.AddLane("a"), harness.AddLane("b"));
        harness.Submit("0");
        harness.Drain();

        Assert.IsEmpty(harness.Fail(a));
        Assert.IsFalse(harness.IsDrained);
        harness.Finish(b);

        Assert.IsTrue(harness.IsDrained);
    }

    [TestMethod]
    public void Fail_ThreeInARow_TheDeviceIsLeftOutAndTriedAgainWithOne()
    {
        var harness = new SchedulerHarness(routing: new PreferencePolicy("a"));
        var (a, b) = (harness.AddLane("a"), harness.AddLane("b"));
        for (var i = 0; i < 3; i++)
        {
            harness.Submit($"{i}");
            harness.Fail(a);
            harness.Finish(b);
        }

        harness.Submit("3");
        Assert.AreEqual("3", $"{b.Current}");
        harness.Finish(b);

        harness.Now = _second / 2;
        harness.Submit("4");
        Assert.AreEqual("4", $"{a.Current}");
        harness.Submit("5");
        Assert.AreEqual("5", $"{b.Current}");
        harness.Finish(a);
        harness.Submit("6");
        Assert.AreEqual("6", $"{a.Current}");
    }

    [TestMethod]
    public void Fail_SaysThatItIsLost_IsLeftOutAtOnce()
    {
        var harness = new SchedulerHarness(routing: new PreferencePolicy("a"));
        var (a, b) = (harness.AddLane("a"), harness.AddLane("b"));
        harness.Submit("0");
        harness.Fail(a, isLost: true);
        harness.Finish(b);

        harness.Submit("1");

        Assert.AreEqual("1", $"{b.Current}");
    }

    [TestMethod]
    public void GiveUp_OneOfTwoDevices_TheOtherServesAll()
    {
        var limits = new SchedulerLimits { MaxQueueLength = 10, AgingPeriod = 1000, RunTimeout = 100, AbortTimeout = 10 };
        var harness = new SchedulerHarness(limits: limits, routing: new PreferencePolicy("a"));
        var (a, b) = (harness.AddLane("a"), harness.AddLane("b"));
        harness.Submit("hangs");
        harness.Submit("pinned", deviceId: "a");
        harness.Advance(100);
        harness.Advance(110);

        harness.GiveUp(a.Group);
        harness.Submit("later");

        Assert.AreEqual("pinned", $"{harness.Rejected.Single().Item}");
        Assert.AreEqual("later", $"{b.Current}");
    }

    [TestMethod]
    public void EarliestFinish_SlowDevice_HelpsOutOnlyWhereEverythingIsDoneSooner()
    {
        var harness = new SchedulerHarness();
        var (fast, slow) = (harness.AddLane("fast"), harness.AddLane("slow"));
        harness.Submit("0");
        harness.Submit("1");
        harness.Now = 100;
        harness.Finish(fast, runTicks: 100);
        harness.Now = 300;
        harness.Finish(slow, runTicks: 300);

        harness.Submit("2");
        harness.Submit("3");
        Assert.AreEqual("2", $"{fast.Current}");
        Assert.IsFalse(slow.IsWorking, "the fast one has done both before the slow one has done one");
        harness.Submit("4");
        harness.Submit("5");

        Assert.AreEqual("3", $"{slow.Current}");
    }

    private sealed class Alternating : IRoutingPolicy
    {
        private int _asked;

        public string Name => "alternating";

        public int Choose(ReadOnlySpan<RoutingOption> options, in RoutingQuery query) => _asked++ % options.Length;
    }
}
