using EdgeAI.Profiling;

namespace EdgeAI.Tuning;

[TestClass]
public sealed class PlanLadderTests
{
    private static readonly PlanCurves _quick = Plan(1, 4, (1, 10), (8, 80));
    private static readonly PlanCurves _broad = Plan(4, 1, (1, 25), (8, 100));

    [TestMethod]
    public void Build_OneServesOneAndAnotherMany_HasBothFromWhereEachIsBest()
    {
        var steps = PlanLadder.Build(new SweepResult(_broad.Plan, 8, [_quick, _broad]), ServingGoal.Balanced, _ => true);

        Assert.HasCount(2, steps);
        Assert.AreEqual((_quick.Plan, 1), (steps[0].Plan, steps[0].MinConcurrency));
        Assert.AreEqual(_broad.Plan, steps[1].Plan);
        Assert.IsGreaterThan(1, steps[1].MinConcurrency);
        Assert.AreSame(_broad, steps[1].Curves);
    }

    [TestMethod]
    public void Build_NoRoomForASecondPlan_KeepsTheFirst() =>
        Assert.AreEqual(_quick.Plan, PlanLadder.Build(new SweepResult(_broad.Plan, 8, [_quick, _broad]), ServingGoal.Balanced, _ => false).Single().Plan);

    [TestMethod]
    public void Build_OnePlanIsBestThroughout_HasOneStep() =>
        Assert.HasCount(1, PlanLadder.Build(new SweepResult(_broad.Plan, 8, [_broad, Plan(1, 4, (1, 40), (8, 400))]), ServingGoal.Throughput, _ => true));

    private static PlanCurves Plan(int lanes, int threads, params (int Rows, long Ticks)[] points)
    {
        var curve = LatencyCurve.Create(points.Select(point => new CurvePoint(point.Rows, point.Ticks, point.Ticks, 10)));
        return new PlanCurves(new LanePlan(lanes, threads), curve, curve);
    }
}
