namespace EdgeAI.Routing.Policies;

/// <summary>What each policy decides, by state. Times are milliseconds.</summary>
[TestClass]
public sealed class RoutingPolicyTests
{
    [TestMethod]
    [DynamicData(nameof(EarliestFinishRows))]
    public void EarliestFinish_State_Decides(string why, RoutingOption[] options, int previous, int expected) =>
        Assert.AreEqual(expected, new EarliestFinishPolicy().Choose(options, new RoutingQuery(1, null, previous)), why);

    public static IEnumerable<object[]> EarliestFinishRows =>
    [
        ["the earlier of two free ones", new[] { Free(20), Free(10) }, -1, 1],
        ["the first of equals", new[] { Free(10), Free(10) }, -1, 0],
        ["one of which nothing is known is tried", new[] { Free(10), Unknown() }, -1, 1],
        ["but with one run at a time", new[] { Free(10), Unknown(runningRows: 1) }, -1, 0],
        ["and not where no lane is free", new[] { Free(10), Unknown(idle: 0) }, -1, 0],
        ["nothing is known of any and all are tried already: the first free one", new[] { Unknown(idle: 0, runningRows: 1), Unknown(idle: 1, runningRows: 1) }, -1, 1],
        ["all are busy and unknown: the first", new[] { Unknown(idle: 0), Unknown(idle: 0) }, -1, 0],
        ["a little sooner is no reason to change", new[] { Free(95), Free(100) }, 1, 1],
        ["much sooner is", new[] { Free(80), Free(100) }, 1, 0],
        ["a busy one that is done first all the same", new[] { Busy(wait: 5, run: 10, drain: 15), Free(20) }, -1, 0],
        ["with more to do than that the free one helps out", new[] { Busy(wait: 5, run: 10, drain: 40), Free(20) }, -1, 1],
        ["a helper that ends with it does not make anything sooner", new[] { Busy(wait: 5, run: 10, drain: 20), Free(20) }, -1, 0],
        ["the quicker of two helpers", new[] { Busy(wait: 5, run: 10, drain: 60), Free(50), Free(30) }, -1, 2],
        ["a busy one does not help", new[] { Busy(wait: 5, run: 10, drain: 60), Busy(wait: 1, run: 20, drain: 21) }, -1, 0],
    ];

    [TestMethod]
    public void LeastLoaded_State_Decides()
    {
        Assert.AreEqual(1, Choose(Free(1) with { Lanes = 2, RunningRows = 4 }, Free(1) with { Lanes = 4, RunningRows = 4 }));
        Assert.AreEqual(0, Choose(Free(1), Free(1)), "the first of equals");
        Assert.AreEqual(1, Choose(Busy(1, 1, 1) with { RunningRows = 1 }, Free(1) with { RunningRows = 50 }), "a free one before a busy one");
        Assert.AreEqual(1, Choose(Busy(1, 1, 1) with { RunningRows = 3 }, Busy(1, 1, 1) with { RunningRows = 2 }));

        static int Choose(params RoutingOption[] options) => new LeastLoadedPolicy().Choose(options, new RoutingQuery(1, null, -1));
    }

    [TestMethod]
    [DataRow(-1, 0)]
    [DataRow(0, 2)]
    [DataRow(1, 2)]
    [DataRow(2, 0)]
    public void RoundRobin_SecondIsBusy_SkipsIt(int previous, int expected) =>
        Assert.AreEqual(expected, new RoundRobinPolicy().Choose([Free(1), Busy(1, 1, 1), Free(1)], new RoutingQuery(1, null, previous)));

    [TestMethod]
    public void RoundRobin_AllAreBusy_TheNext() =>
        Assert.AreEqual(1, new RoundRobinPolicy().Choose([Busy(1, 1, 1), Busy(1, 1, 1)], new RoutingQuery(1, null, 0)));

    [TestMethod]
    [DynamicData(nameof(EfficiencyRows))]
    public void Efficiency_State_Decides(string why, RoutingOption[] options, int? deadline, int expected) =>
        Assert.AreEqual(expected, new EfficiencyPolicy().Choose(options, new RoutingQuery(1, deadline is { } ms ? TimeSpan.FromMilliseconds(ms) : null, -1)), why);

    public static IEnumerable<object?[]> EfficiencyRows =>
    [
        ["least energy: 10 W x 30 ms against 100 W x 10 ms", new[] { Drawing(Free(10), 100), Drawing(Free(30), 10) }, null, 1],
        ["power alone is not energy", new[] { Drawing(Free(10), 100), Drawing(Free(39), 50) }, null, 0],
        ["for each row", new[] { Drawing(Free(10), 100) with { Rows = 8 }, Drawing(Free(10), 50) }, null, 0],
        ["not more than four times as late", new[] { Drawing(Free(10), 100), Drawing(Free(41), 1) }, null, 0],
        ["with a deadline, as late as that", new[] { Drawing(Free(10), 100), Drawing(Free(41), 1) }, 50, 1],
        ["and no later", new[] { Drawing(Free(10), 100), Drawing(Free(30), 1) }, 20, 0],
        ["without power the earliest", new[] { Free(20), Free(10) }, null, 1],
        ["one that does not tell its power is not the thriftiest", new[] { Free(10), Drawing(Free(20), 5) }, null, 1],
        ["none is in time: the earliest", new[] { Drawing(Free(20), 1), Drawing(Free(10), 100) }, 5, 1],
    ];

    private static RoutingOption Free(int run) => new() { DeviceId = "d", IdleLanes = 1, Lanes = 1, Rows = 1, Run = Ms(run), Drain = Ms(run) };

    private static RoutingOption Busy(int wait, int run, int drain) =>
        new() { DeviceId = "d", Lanes = 1, RunningRows = 1, Rows = 1, Wait = Ms(wait), Run = Ms(run), Drain = Ms(drain) };

    private static RoutingOption Unknown(int idle = 1, int runningRows = 0) => new() { DeviceId = "d", IdleLanes = idle, Lanes = 1, Rows = 1, RunningRows = runningRows };

    private static RoutingOption Drawing(RoutingOption option, double watts) => option with { Status = new DeviceStatus { PowerWatts = watts } };

    private static TimeSpan Ms(int value) => TimeSpan.FromMilliseconds(value);
}
