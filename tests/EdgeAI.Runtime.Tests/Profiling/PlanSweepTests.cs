namespace EdgeAI.Profiling;

[TestClass]
public sealed class PlanSweepTests
{
    private const int Seeds = 100;
    private static readonly LanePlan _one = new(1, 2);
    private static readonly LanePlan _two = new(2, 1);
    private static readonly int[] _rows = [1, 2, 4, 16];

    private static readonly Dictionary<string, (Func<LanePlan, int, int, double> Ticks, LanePlan[] Plans)> _machines = new()
    {
        ["recognition"] = (SimulatedMachine.Table((_one, _rows, [36, 72, 57, 24]), (_two, _rows, [72, 71, 63, 18])), [_one, _two]),
        ["direction classifier"] = (SimulatedMachine.Table((_one, _rows, [650, 907, 880, 1130]), (_two, _rows, [1560, 1730, 1900, 1760])), [_one, _two]),
        ["4-bit chain"] = (SimulatedMachine.Table((_one, _rows, [60, 110, 160, 204])), [_one]),
        ["tiny"] = (Amdahl(50, 100, 0.7), Divisions(8)),
        ["serial"] = (Amdahl(20_000, 30_000, 0.2), Divisions(16)),
        ["parallel"] = (Amdahl(20_000, 30_000, 0.98), Divisions(16)),
    };

    public static IEnumerable<object[]> Machines => _machines.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Machines))]
    public void Next_Machine_FindsAPlanWithinThreePercentOfTheBest(string name)
    {
        var (machine, plans) = _machines[name];
        double RowsPerSecond(LanePlan plan, int rows) => plan.Lanes * rows * TimeSpan.TicksPerSecond / machine(plan, rows, plan.Lanes);
        var best = plans.Max(plan => new[] { 1, 2, 4, 8, 16 }.Max(rows => RowsPerSecond(plan, rows)));
        var (good, within) = (0, 0);
        for (var seed = 0; seed < Seeds; seed++)
        {
            var simulated = new SimulatedMachine(machine, seed);
            var sweep = new PlanSweep(plans, 16, ServingGoal.Throughput, (_, _) => true);
            var result = simulated.Sweep(sweep);
            if (RowsPerSecond(result.Plan, result.MaxBatch) >= 0.97 * best) good++;
            if (simulated.Ticks <= 1.05 * sweep.BudgetTicks) within++;
        }

        Assert.IsGreaterThanOrEqualTo(0.95 * Seeds, (double)good, name);
        Assert.AreEqual(Seeds, within, name);
    }

    [TestMethod]
    [DynamicData(nameof(Machines))]
    public void Next_BalancedGoal_GivesUpLittleThroughput(string name)
    {
        // Three percent for the plan and three for the batch, and as much again for what noise hides.
        var (machine, plans) = _machines[name];
        double RowsPerSecond(LanePlan plan, int rows) => plan.Lanes * rows * TimeSpan.TicksPerSecond / machine(plan, rows, plan.Lanes);
        var best = plans.Max(plan => new[] { 1, 2, 4, 8, 16 }.Max(rows => RowsPerSecond(plan, rows)));
        var good = 0;
        for (var seed = 0; seed < Seeds; seed++)
        {
            var result = new SimulatedMachine(machine, seed).Sweep(Sweep(plans, 16));
            if (RowsPerSecond(result.Plan, result.MaxBatch) >= 0.91 * best) good++;
        }

        Assert.IsGreaterThanOrEqualTo(0.95 * Seeds, (double)good, name);
    }

    [TestMethod]
    public void Next_RunsOfASecond_FinishesWithinFortyRuns()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var machine = new SimulatedMachine(Amdahl(0, TimeSpan.TicksPerSecond, 0.5), seed);

            var result = machine.Sweep(Sweep(Divisions(4), 16));

            Assert.IsLessThanOrEqualTo(40, machine.Runs);
            Assert.HasCount(3, result.Curves);
        }
    }

    [TestMethod]
    public void Next_RunsOfTenMicroseconds_MakesStepsOfAboutTwentyMilliseconds()
    {
        var machine = new SimulatedMachine(Amdahl(100, 0, 0), 1);

        machine.Sweep(Sweep(Divisions(2), 1));

        Assert.IsTrue(machine.Steps.Count(step => step.Runs == 2) == 2, "one probe a plan");
        Assert.IsTrue(machine.Steps.Where(step => step.Runs != 2).All(step => step.Runs is > 1500 and < 2500));
    }

    [TestMethod]
    public void Next_FirstStepOfASize_IsWarmedUpOnce()
    {
        var machine = new SimulatedMachine(Amdahl(5_000, 1_000, 0.5), 1);

        machine.Sweep(Sweep(Divisions(2), 8));

        var timed = machine.Steps.Where(step => step.Runs > 2).GroupBy(step => (step.Plan, step.Rows, step.BusyLanes));
        Assert.IsTrue(timed.All(size => size.First().WarmUps == PlanRecord.WarmUpRuns && size.Skip(1).All(step => step.WarmUps == 0)));
    }

    [TestMethod]
    public void Next_ModelThatCannotBeBatched_MeasuresSingleRows()
    {
        var machine = new SimulatedMachine(Amdahl(5_000, 1_000, 0.5), 1);

        var result = machine.Sweep(Sweep(Divisions(2), 1));

        Assert.AreEqual(1, result.MaxBatch);
        Assert.IsTrue(machine.Steps.All(step => step.Rows == 1));
    }

    [TestMethod]
    public void Next_LargestBatchNoPowerOfTwo_IsMeasuredToo()
    {
        var machine = new SimulatedMachine(Amdahl(50_000, 100, 0.5), 1);

        var result = machine.Sweep(Sweep(Divisions(1), 12, ServingGoal.Throughput));

        Assert.AreEqual(12, result.MaxBatch);
        CollectionAssert.AreEqual(new[] { 1, 2, 4, 8, 12 }, result.Curves[0].Crowded.Points.Select(point => point.Rows).ToArray());
    }

    [TestMethod]
    public void Next_BatchesBringNothing_StopsAfterTwoSizes()
    {
        var machine = new SimulatedMachine(Amdahl(0, 20_000, 0.5), 1);

        machine.Sweep(Sweep(Divisions(1), 64));

        Assert.AreEqual(4, machine.Steps.Max(step => step.Rows));
    }

    [TestMethod]
    public void Next_MemoryForTwoRows_NeverAsksForMore()
    {
        var machine = new SimulatedMachine(Amdahl(50_000, 100, 0.5), 1);
        var sweep = new PlanSweep(Divisions(4), 64, ServingGoal.Throughput, (plan, rows) => plan.Lanes * rows <= 2);

        var result = machine.Sweep(sweep);

        Assert.IsTrue(machine.Steps.All(step => step.Plan.Lanes * step.Rows <= 2));
        Assert.IsTrue(result.Curves.All(curves => curves.Plan.Lanes <= 2));
    }

    [TestMethod]
    public void Next_FewClients_NeverMeasuresMoreRowsThanThose()
    {
        var machine = new SimulatedMachine(Amdahl(50_000, 100, 0.5), 1);

        var result = machine.Sweep(new PlanSweep(Divisions(4), 64, ServingGoal.Throughput, (_, _) => true, concurrency: 4));

        Assert.AreEqual(4, machine.Steps.Max(step => step.Rows));
        Assert.IsLessThanOrEqualTo(4, result.MaxBatch);
    }

    [TestMethod]
    public void Fail_LargerBatch_ExcludesItAndKeepsThePlan()
    {
        var machine = new SimulatedMachine(Amdahl(50_000, 100, 0.5), 1);
        var sweep = Sweep(Divisions(1), 64, ServingGoal.Throughput);
        while (sweep.Next() is { } step)
        {
            Assert.IsLessThanOrEqualTo(8, step.Rows);
            if (step.Rows == 8) sweep.Fail(step);
            else machine.Run(sweep, step);
        }

        Assert.AreEqual(4, sweep.Result.MaxBatch);
    }

    [TestMethod]
    public void Fail_EveryStep_EndsWithoutResult()
    {
        var sweep = Sweep(Divisions(4), 64);
        var steps = 0;
        for (; sweep.Next() is { } step; steps++) sweep.Fail(step);

        Assert.AreEqual(3, steps);
        Assert.IsFalse(sweep.HasResult);
        Assert.ThrowsExactly<InvalidOperationException>(() => sweep.Result);
    }

    [TestMethod]
    public void Fail_AtAnyStep_NeverBreaksTheSweep()
    {
        for (var at = 0; at < 60; at++)
        {
            var machine = new SimulatedMachine(Amdahl(5_000, 10_000, 0.5), at);
            var sweep = Sweep(Divisions(4), 16);
            for (var index = 0; sweep.Next() is { } step; index++)
            {
                if (index == at) sweep.Fail(step);
                else machine.Run(sweep, step);
            }

            Assert.IsGreaterThanOrEqualTo(2, sweep.Result.Curves.Count);
        }
    }

    [TestMethod]
    public void Report_AnotherStep_Throws()
    {
        var sweep = Sweep(Divisions(1), 1);
        var step = sweep.Next()!.Value;

        Assert.AreEqual(step, sweep.Next(), "the same step until it is reported");
        Assert.ThrowsExactly<InvalidOperationException>(() => sweep.Report(step with { Rows = 2 }, [1], 1));
    }

    [TestMethod]
    public void Result_ChosenPlan_HasBothCurvesAtEverySize()
    {
        var machine = new SimulatedMachine(_machines["direction classifier"].Ticks, 3);

        var result = machine.Sweep(Sweep([_one, _two], 16));

        var chosen = result.Curves.Single(curves => curves.Plan == result.Plan);
        Assert.AreEqual(_two, result.Plan);
        CollectionAssert.AreEqual(chosen.Crowded.Points.Select(point => point.Rows).ToArray(), chosen.Alone.Points.Select(point => point.Rows).ToArray());
        foreach (var point in chosen.Crowded.Points) Assert.AreEqual(0.9, chosen.Alone.Predict(point.Rows) / point.MedianTicks, 0.06, $"{point.Rows} rows");
        Assert.IsTrue(chosen.Crowded.Points.All(point => point.P95Ticks > point.MedianTicks));
    }

    [TestMethod]
    public void Result_KernelsThatWorkOnTiles_HasTheFirstRowOfATile()
    {
        // Tiles of eight, which a line through 1, 2, 4, 8 and 16 rows hides.
        static double Tiles(LanePlan plan, int rows, int busy) => 20_000 * ((rows + 7) / 8) + (100 * rows);

        var crowded = new SimulatedMachine(Tiles, 1).Sweep(Sweep(Divisions(1), 16, ServingGoal.Throughput)).Curves.Single().Crowded;

        Assert.AreEqual(Tiles(_one, 9, 1), crowded.Predict(9), 0.1 * Tiles(_one, 9, 1));
        Assert.AreEqual(Tiles(_one, 12, 1), crowded.Predict(12), 0.1 * Tiles(_one, 12, 1));
        Assert.AreEqual(Tiles(_one, 8, 1), crowded.Predict(8), 0.1 * Tiles(_one, 8, 1));
    }

    [TestMethod]
    public void Result_WhileMeasuring_IsWhatIsKnown()
    {
        var machine = new SimulatedMachine(Amdahl(5_000, 10_000, 0.5), 1);
        var sweep = Sweep(Divisions(4), 16);
        Assert.IsFalse(sweep.HasResult);
        while (!sweep.HasResult) machine.Run(sweep, sweep.Next()!.Value);

        Assert.AreEqual(new LanePlan(1, 4), sweep.Result.Plan);
    }

    [TestMethod]
    public void Next_LatencyGoal_FindsTheQuickestSingleRow()
    {
        var right = 0;
        for (var seed = 0; seed < Seeds; seed++)
        {
            var result = new SimulatedMachine(Amdahl(20_000, 30_000, 0.7), seed).Sweep(Sweep(Divisions(8), 16, ServingGoal.Latency));
            if (result.Plan == new LanePlan(1, 8)) right++;
        }

        Assert.IsGreaterThanOrEqualTo(0.95 * Seeds, (double)right);
    }

    private static PlanSweep Sweep(LanePlan[] plans, int maxRows, ServingGoal goal = ServingGoal.Balanced) => new(plans, maxRows, goal, (_, _) => true);

    private static Func<LanePlan, int, int, double> Amdahl(double fixedTicks, double rowTicks, double parallel) => (plan, rows, busy) =>
        (fixedTicks + (rowTicks * rows)) * (1 - parallel + (parallel / plan.Threads)) * (1 + (0.1 * (busy - 1) / plan.Lanes));

    private static LanePlan[] Divisions(int cores) => [.. Enumerable.Range(0, 7).Select(power => 1 << power).Where(lanes => lanes <= cores).Select(lanes => new LanePlan(lanes, cores / lanes))];
}
