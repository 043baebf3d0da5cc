using CsCheck;

namespace EdgeAI.Profiling;

[TestClass]
public sealed class PlanChoiceTests
{
    private static readonly LanePlan _one = new(1, 2);
    private static readonly LanePlan _two = new(2, 1);
    private static readonly int[] _rows = [1, 2, 4, 16];

    // Measured on two cores: PP-OCRv4 recognition and its direction classifier.
    private static readonly PlanCurves[] _recognition = [Measured(_one, [36, 72, 57, 24]), Measured(_two, [72, 71, 63, 18])];
    private static readonly PlanCurves[] _direction = [Measured(_one, [650, 907, 880, 1130]), Measured(_two, [1560, 1730, 1900, 1760])];

    [TestMethod]
    [DataRow(ServingGoal.Balanced, 2, 4)]
    [DataRow(ServingGoal.Throughput, 2, 4)]
    [DataRow(ServingGoal.Latency, 2, 1)]
    public void Choose_DirectionClassifier_TakesTwoLanes(ServingGoal goal, int lanes, int maxBatch)
    {
        var result = PlanChoice.Choose(_direction, goal);

        Assert.AreEqual(lanes, result.Plan.Lanes);
        Assert.AreEqual(maxBatch, result.MaxBatch);
        Assert.HasCount(2, result.Curves);
    }

    [TestMethod]
    public void Choose_EqualThroughput_TakesTheQuickerSingleRow()
    {
        var result = PlanChoice.Choose([Measured(_two, [72, 71]), Measured(_one, [71, 70])], ServingGoal.Balanced);

        Assert.AreEqual(_one, result.Plan);
        Assert.AreEqual(1, result.MaxBatch, "a larger batch brings nothing");
    }

    [TestMethod]
    public void Choose_GrowingThroughput_BalancedTakesTheSmallestGoodBatch()
    {
        PlanCurves[] curves = [Measured(_one, [60, 110, 200, 204])];

        Assert.AreEqual(4, PlanChoice.Choose(curves, ServingGoal.Balanced).MaxBatch);
        Assert.AreEqual(16, PlanChoice.Choose(curves, ServingGoal.Throughput).MaxBatch);
    }

    [TestMethod]
    public void Choose_LatencyTie_TakesMoreLanes()
    {
        var tied = new[] { Curves(_one, (1, 100)), Curves(_two, (1, 102)), Curves(new LanePlan(4, 1), (1, 110)) };

        Assert.AreEqual(_two, PlanChoice.Choose(tied, ServingGoal.Latency).Plan);
    }

    [TestMethod]
    public void MaxBatch_Latency_IsTheLargestThatDelaysNoRowOnAverage()
    {
        Assert.AreEqual(2, PlanChoice.MaxBatch(_recognition[0], ServingGoal.Latency));
        Assert.AreEqual(1, PlanChoice.MaxBatch(_recognition[1], ServingGoal.Latency));
    }

    [TestMethod]
    public void Choose_OneClient_MayDifferFromMany()
    {
        // Four lanes of one thread serve many best; a client alone waits three times as long for one of them.
        var few = Curves(new LanePlan(1, 4), (1, 100), (4, 400));
        var many = Curves(new LanePlan(4, 1), (1, 300), (4, 1200));

        Assert.AreEqual(4, PlanChoice.Choose([few, many], ServingGoal.Balanced, 16).Plan.Lanes);
        Assert.AreEqual(4, PlanChoice.Choose([few, many], ServingGoal.Balanced).Plan.Lanes);
        Assert.AreEqual(1, PlanChoice.Choose([few, many], ServingGoal.Balanced, 1).Plan.Lanes);
        Assert.AreEqual(1, PlanChoice.Choose([few, many], ServingGoal.Balanced, 2).Plan.Lanes);
    }

    [TestMethod]
    public void RowsPerSecond_FewClients_LiesBetweenAloneAndCrowded()
    {
        var curves = new PlanCurves(new LanePlan(3, 1), LatencyCurveTests.Curve((1, 100)), LatencyCurveTests.Curve((1, 200)));

        Assert.AreEqual(1 * TimeSpan.TicksPerSecond / (100.0 + PlanChoice.HandOverTicks), PlanChoice.RowsPerSecond(curves, 1), 1e-6);
        Assert.AreEqual(2 * TimeSpan.TicksPerSecond / (150.0 + PlanChoice.HandOverTicks), PlanChoice.RowsPerSecond(curves, 2), 1e-6);
        Assert.AreEqual(3 * TimeSpan.TicksPerSecond / (200.0 + PlanChoice.HandOverTicks), PlanChoice.RowsPerSecond(curves, 3), 1e-6);
        Assert.AreEqual(PlanChoice.RowsPerSecond(curves), PlanChoice.RowsPerSecond(curves, 64), 1e-6);
    }

    [TestMethod]
    public void Choose_AnyCurves_StaysWithinNoiseOfTheBestAndTheClients()
    {
        var curve = Gen.Double[1, 1e6].Array[4].Select(ticks => LatencyCurveTests.Curve([.. _rows.Zip(ticks)]));
        var plans = Gen.Select(curve, curve).Array[1, 5].Select(all => all.Select((pair, index) => new PlanCurves(new LanePlan(1 << index, 1), pair.Item1, pair.Item2)).ToArray());

        Gen.Select(plans, Gen.Enum<ServingGoal>(), Gen.Int[1, 64]).Sample((curves, goal, clients) =>
        {
            var open = PlanChoice.Choose(curves, goal);
            var bound = PlanChoice.Choose(curves, goal, clients);
            var best = curves.Max(plan => PlanChoice.RowsPerSecond(plan));
            return _rows.Contains(open.MaxBatch)
                && bound.MaxBatch <= clients
                && (goal == ServingGoal.Latency || PlanChoice.RowsPerSecond(curves.Single(plan => plan.Plan == open.Plan)) >= 0.97 * best);
        });
    }

    private static PlanCurves Measured(LanePlan plan, double[] rowsPerSecond) =>
        Curves(plan, [.. _rows.Zip(rowsPerSecond, (rows, rate) => (rows, plan.Lanes * rows * TimeSpan.TicksPerSecond / rate))]);

    private static PlanCurves Curves(LanePlan plan, params (int Rows, double Ticks)[] points) => new(plan, LatencyCurveTests.Curve(points), LatencyCurveTests.Curve(points));
}
