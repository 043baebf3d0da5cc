using EdgeAI.Batching.Policies;

namespace EdgeAI.Batching;

/// <summary>State in, decision out. Times are ticks; the longest wait is 100.</summary>
[TestClass]
public sealed class PolicyTests
{
    [TestMethod]
    [DataRow(5, 8, 0, 5, DisplayName = "all that wait")]
    [DataRow(20, 8, 0, 8, DisplayName = "no more than the largest batch")]
    [DataRow(8, 8, 4, 4, DisplayName = "in the best parts")]
    public void Greedy_RowsWait_RunsAtOnce(int queued, int max, int best, int expected) =>
        Assert.AreEqual(BatchDecision.Run(expected), new GreedyPolicy().Decide(new FakeState { Queued = queued, Max = max, Best = best }));

    [TestMethod]
    [DataRow(2, 4, DisplayName = "two lanes: half each")]
    [DataRow(3, 3, DisplayName = "three lanes: a third each, rounded up")]
    public void Greedy_SeveralLanesFree_SharesOut(int free, int expected) =>
        Assert.AreEqual(BatchDecision.Run(expected), new GreedyPolicy().Decide(new FakeState { Queued = 8, Free = free, Ticks = rows => 10 * rows }));

    [TestMethod]
    public void Greedy_ManyCostNoMoreThanOne_DoesNotShareOut() =>
        Assert.AreEqual(BatchDecision.Run(8), new GreedyPolicy().Decide(new FakeState { Queued = 8, Free = 2, Ticks = _ => 10 }));

    [TestMethod]
    [DataRow(1000, 1, 8, DisplayName = "time enough")]
    [DataRow(45, 1, 4, DisplayName = "halved until it fits")]
    [DataRow(5, 1, 1, DisplayName = "the most urgent runs in any case")]
    [DataRow(5, 3, 3, DisplayName = "the most urgent is not split")]
    public void Greedy_Deadline_BoundsTheBatch(long deadline, int first, int expected) =>
        Assert.AreEqual(BatchDecision.Run(expected), new GreedyPolicy().Decide(new FakeState { Queued = 8, First = first, Deadline = deadline, Ticks = rows => 10 * rows }));

    [TestMethod]
    [DataRow(1, 0L, 100L, DisplayName = "the whole wait")]
    [DataRow(3, 60L, 40L, DisplayName = "what is left for the oldest")]
    public void FixedWait_BatchNotFull_Waits(int queued, long age, long wait) =>
        Assert.AreEqual(BatchDecision.WaitFor(8, TimeSpan.FromTicks(wait)), new FixedWaitPolicy().Decide(new FakeState { Queued = queued, Age = age }));

    [TestMethod]
    [DataRow(8, 0L, false, DisplayName = "full")]
    [DataRow(3, 100L, false, DisplayName = "waited long enough")]
    [DataRow(3, 0L, true, DisplayName = "has to run")]
    public void FixedWait_NothingToWaitFor_Runs(int queued, long age, bool must) =>
        Assert.AreEqual(BatchDecision.Run(queued), new FixedWaitPolicy().Decide(new FakeState { Queued = queued, Age = age, Must = must }));

    [TestMethod]
    public void FixedWait_Deadline_ShortensTheWait()
    {
        var policy = new FixedWaitPolicy();

        Assert.AreEqual(BatchDecision.WaitFor(8, TimeSpan.FromTicks(30)), policy.Decide(new FakeState { Queued = 1, Deadline = 50, Ticks = rows => 10 * rows }));
        Assert.AreEqual(BatchDecision.Run(1), policy.Decide(new FakeState { Queued = 1, Deadline = 20, Ticks = rows => 10 * rows }));
    }

    [TestMethod]
    public void LearnedWait_ClientsComeBackTogether_WaitsForThem()
    {
        // One has come back of eight, and the others will in 10 ticks; a run takes 1000 whatever its size.
        var state = new FakeState { Queued = 1, Expected = 7, Remaining = TimeSpan.FromTicks(10), Ticks = _ => 1000 };

        Assert.AreEqual(BatchDecision.WaitFor(8, TimeSpan.FromTicks(10)), new LearnedWaitPolicy().Decide(state));
    }

    [TestMethod]
    public void LearnedWait_NotWorthIt_Runs()
    {
        var policy = new LearnedWaitPolicy();
        BatchDecision Decide(FakeState state) => policy.Decide(state);

        Assert.AreEqual(BatchDecision.Run(1), Decide(new FakeState { Expected = 0.2, Ticks = _ => 1000 }), "nobody is expected");
        Assert.AreEqual(BatchDecision.Run(1), Decide(new FakeState { Expected = 7 }), "nothing is known about runs");
        Assert.AreEqual(BatchDecision.Run(1), Decide(new FakeState { Expected = 7, Remaining = TimeSpan.FromTicks(101), Ticks = _ => 1000 }), "they come too late");
        Assert.AreEqual(BatchDecision.Run(1), Decide(new FakeState { Expected = 7, HeldTicks = 95, Remaining = TimeSpan.FromTicks(10), Ticks = _ => 1000 }), "it has waited already");
        Assert.AreEqual(BatchDecision.Run(1), Decide(new FakeState { Expected = 7, Remaining = TimeSpan.FromTicks(10), Deadline = 1005, Ticks = _ => 1000 }), "the deadline");
        Assert.AreEqual(BatchDecision.Run(1), Decide(new FakeState { Expected = 7, Must = true, Ticks = _ => 1000 }), "it has to run");
        Assert.AreEqual(BatchDecision.Run(1), Decide(new FakeState { Expected = 7, Remaining = TimeSpan.FromTicks(90), Ticks = rows => 10 * rows }), "stacking saves nothing");
        Assert.AreEqual(BatchDecision.Run(8), Decide(new FakeState { Queued = 8, Expected = 7, Ticks = _ => 1000 }), "full");
    }
}
