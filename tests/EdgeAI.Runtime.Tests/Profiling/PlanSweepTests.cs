namespace EdgeAI.Profiling;

[TestClass]
public sealed class PlanSweepTests
{
    private const int Seeds = 200;
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

        Console.WriteLine($"{name}: {good}/{Seeds} good, {within} within budget");
        Assert.IsGreaterThanOrEqualTo(0.95 * Seeds, (double)good, name);
        Assert.AreEqual(Seeds, within, name);
    }

    private static Func<LanePlan, int, int, double> Amdahl(double fixedTicks, double rowTicks, double parallel) => (plan, rows, busy) =>
        (fixedTicks + (rowTicks * rows)) * (1 - parallel + (parallel / plan.Threads)) * (1 + (0.1 * (busy - 1) / plan.Lanes));

    private static LanePlan[] Divisions(int cores) => [.. Enumerable.Range(0, 7).Select(power => 1 << power).Where(lanes => lanes <= cores).Select(lanes => new LanePlan(lanes, cores / lanes))];
}
