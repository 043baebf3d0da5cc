using EdgeAI.Acceptance;
using EdgeAI.Batching;
using EdgeAI.Leases;
using EdgeAI.Routing.Policies;

namespace EdgeAI.Scheduling;

/// <summary>A processor whose cores another model or a chat holds, beside a device of its own. Times are milliseconds.</summary>
[TestClass]
public sealed class HeldCoresTests
{
    private static readonly long _ms = TimeSpan.TicksPerMillisecond;

    private readonly CoreBudget _cores = new(4);
    private readonly ShapeGroup _shape = new(layout: null);

    [TestMethod]
    [DataRow("nobody holds any", 0, 10, 30, "cpu")]
    [DataRow("enough are left", 2, 10, 30, "cpu")]
    [DataRow("too few are left: twice its run, and still sooner", 3, 10, 30, "cpu")]
    [DataRow("too few are left: twice its run is later than the other", 3, 20, 30, "gpu")]
    [DataRow("none is left, and the other is slow", 4, 10, 300, "cpu")]
    public void Choose_CoresAreHeld_CountsTheWaitForThem(string why, int held, int cpuRun, int gpuRun, string expected)
    {
        using var chat = new TestWaiter();
        if (held > 0) _cores.TryTake(held, chat);
        var (cpu, gpu) = (CreateSet("cpu", _cores, coresPerLane: 2, cpuRun), CreateSet("gpu", new CoreBudget(null), coresPerLane: 1, gpuRun));
        var router = new Router(new EarliestFinishPolicy());

        var chosen = router.Choose(new FakeItem("0") { Shape = _shape }, [cpu, gpu], new WorkQueue(1000), now: 0);

        Assert.AreEqual(expected, chosen?.DeviceId, why);
        var option = router.Considered[0];
        Assert.AreEqual(held > 2 ? 0 : 1, option.IdleLanes);
        Assert.AreEqual(held > 2 ? cpuRun : 0, option.Wait.TotalMilliseconds);
    }

    [TestMethod]
    public void Choose_WaitsForCoresWereSeen_CountsAsLongAsThose()
    {
        using var chat = new TestWaiter();
        _cores.TryTake(4, chat);
        var cpu = CreateSet("cpu", _cores, coresPerLane: 2, run: 10);
        var gpu = CreateSet("gpu", new CoreBudget(null), coresPerLane: 1, run: 30);
        var router = new Router(new EarliestFinishPolicy());
        cpu.CoresDenied(now: 0);
        cpu.CoresTaken(50 * _ms);

        Assert.AreEqual("gpu", Choose(50), "50 ms of waiting and 10 of running");
        Assert.AreEqual(50, router.Considered[0].Wait.TotalMilliseconds);
        cpu.CoresDenied(100 * _ms);
        Assert.AreEqual("cpu", Choose(145), "5 ms of the usual 50 are left");
        Assert.AreEqual("gpu", Choose(230), "80 ms late: as long again");

        string? Choose(int now) => router.Choose(new FakeItem("0") { Shape = _shape }, [cpu, gpu], new WorkQueue(1000), now * _ms)?.DeviceId;
    }

    [TestMethod]
    public void Submit_CoresAreHeldByAChat_TheOtherDeviceRunsItAndTheProcessorIsBackLater()
    {
        var harness = new SchedulerHarness();
        using var chat = new TestWaiter();
        var (cpu, gpu) = (AddLane(harness, "cpu", _cores, 10), AddLane(harness, "gpu", new CoreBudget(null), 15));
        harness.Submit("before", shape: _shape);
        Assert.AreEqual("before", $"{cpu.Current}");
        harness.Finish(cpu, 10 * _ms);
        _cores.TryTake(4, chat);

        harness.Submit("beside", shape: _shape);
        Assert.AreEqual("beside", $"{gpu.Current}");
        harness.Finish(gpu, 15 * _ms);
        _cores.Return(4);
        harness.Submit("after", shape: _shape);

        Assert.AreEqual("after", $"{cpu.Current}");
    }

    [TestMethod]
    public void CoresComeBack_WhileRequestsWaitForTheBusyDevice_TheProcessorHelps()
    {
        var harness = new SchedulerHarness();
        using var chat = new TestWaiter();
        var (cpu, gpu) = (AddLane(harness, "cpu", _cores, 100), AddLane(harness, "gpu", new CoreBudget(null), 40));
        _cores.TryTake(4, chat);
        for (var i = 0; i < 4; i++) harness.Submit($"{i}", shape: _shape);
        Assert.AreEqual("0", $"{gpu.Current}");
        Assert.IsFalse(cpu.IsWorking);
        var offers = harness.CoreOffers;

        _cores.Return(4);
        Assert.IsGreaterThan(offers, harness.CoreOffers, "the scheduler must be told");
        harness.Advance(1);

        Assert.IsTrue(cpu.IsWorking);
        Assert.AreEqual(2, _cores.Free);
    }

    [TestMethod]
    public void CoresComeBack_AfterOtherEvents_TheWholeWaitIsLearned()
    {
        var harness = new SchedulerHarness();
        using var chat = new TestWaiter();
        var (cpu, gpu) = (AddLane(harness, "cpu", _cores, 100), AddLane(harness, "gpu", new CoreBudget(null), 40));
        _cores.TryTake(4, chat);
        for (var i = 0; i < 6; i++) harness.Submit($"{i}", shape: _shape);
        foreach (var ms in new[] { 10, 20, 30 }) harness.Advance(ms * _ms);

        harness.Now = 35 * _ms;
        _cores.Return(4);
        harness.Advance(harness.Now);

        Assert.IsTrue(cpu.IsWorking);
        Assert.IsTrue(gpu.IsWorking);
        Assert.AreEqual(35 * _ms, harness.Scheduler.Sets.Single(set => set.DeviceId == "cpu").ExpectedDenial(harness.Now, presumed: 0));
    }

    [TestMethod]
    public void CoresComeBack_NobodyWantsThemAnyMore_NothingIsLearned()
    {
        var harness = new SchedulerHarness();
        using var chat = new TestWaiter();
        var cpu = AddLane(harness, "cpu", _cores, 10);
        _cores.TryTake(4, chat);
        var given = harness.Submit("given up", shape: _shape);
        harness.Cancel(given);
        harness.Now = 500 * _ms;
        _cores.Return(4);
        harness.Advance(harness.Now);

        harness.Submit("later", shape: _shape);

        Assert.AreEqual("later", $"{cpu.Current}");
        Assert.AreEqual(0, harness.Scheduler.Sets.Single().ExpectedDenial(harness.Now, presumed: 0));
    }

    [TestMethod]
    public void Submit_UsualWaitForCoresExceedsTheDeadline_IsRefused()
    {
        var harness = new SchedulerHarness();
        using var chat = new TestWaiter();
        var cpu = AddLane(harness, "cpu", _cores, 10);
        _cores.TryTake(4, chat);
        harness.Submit("first", shape: _shape);
        harness.Now = 50 * _ms;
        _cores.Return(4);
        harness.Advance(harness.Now);
        Assert.AreEqual("first", $"{cpu.Current}");
        harness.Finish(cpu, 10 * _ms);
        _cores.TryTake(4, chat);
        harness.Submit("waits", shape: _shape);

        harness.Submit("hopeless", deadline: harness.Now + (40 * _ms), shape: _shape);
        harness.Submit("in time", deadline: harness.Now + (120 * _ms), shape: _shape);

        Assert.AreEqual("hopeless", $"{harness.Rejected.Single().Item}");
        Assert.AreEqual(RejectionReason.DeadlineInfeasible, harness.Rejected.Single().Reason);
    }

    [TestMethod]
    public void Offers_SomebodyWaitsBefore_NothingUntilItsTurn()
    {
        using var chat = new TestWaiter();
        using var first = new TestWaiter();
        using var second = new TestWaiter();
        Assert.IsTrue(_cores.Offers(4, second));
        _cores.TryTake(3, chat);
        Assert.IsTrue(_cores.Offers(1, second));
        Assert.IsFalse(_cores.Offers(2, second));
        _cores.TryTake(2, first);
        Assert.IsFalse(_cores.Offers(1, second), "nobody overtakes");

        _cores.Return(3);

        Assert.IsTrue(_cores.Offers(2, first), "they are reserved for it");
        Assert.IsTrue(_cores.Offers(2, second), "the others are free");
        Assert.IsFalse(_cores.Offers(3, second));
        Assert.IsTrue(new CoreBudget(null).Offers(100, second));
    }

    private LaneSet CreateSet(string deviceId, CoreBudget cores, int coresPerLane, int run)
    {
        var set = new LaneSet(deviceId, new WorkQueue(1000));
        var group = new LaneGroup(deviceId, acceptsUnpinned: true, coresPerLane, cores, maxRows: 1);
        Measure(group, run);
        set.Add(group, now: 0);
        var lane = new FakeLane(group);
        group.Lanes.Add(lane);
        set.AddIdle(lane);
        return set;
    }

    private FakeLane AddLane(SchedulerHarness harness, string deviceId, CoreBudget cores, int run)
    {
        var group = new LaneGroup(deviceId, acceptsUnpinned: true, coresPerLane: 2, cores, maxRows: 1);
        Measure(group, run);
        return harness.AddLanes(group, 1)[0];
    }

    private void Measure(LaneGroup group, int run)
    {
        var curve = TritonBatcherTests.Curve((1, run * _ms));
        _shape.CostsOn(group).Replace(curve, curve);
    }
}
