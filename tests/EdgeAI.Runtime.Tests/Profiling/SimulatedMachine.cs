namespace EdgeAI.Profiling;

/// <summary>A device whose every run is a function of plan, rows and busy lanes, with noise.</summary>
internal sealed class SimulatedMachine(Func<LanePlan, int, int, double> ticks, int seed, double noise = 0.05)
{
    private readonly Random _random = new(seed);

    public int Runs { get; private set; }

    public double Ticks { get; private set; }

    public List<SweepStep> Steps { get; } = [];

    /// <summary>A machine of rows per second measured with every lane busy, by plan and batch size; a lane alone runs a tenth faster.</summary>
    public static Func<LanePlan, int, int, double> Table(params (LanePlan Plan, int[] Rows, double[] RowsPerSecond)[] table)
    {
        var curves = table.ToDictionary(entry => entry.Plan, entry => LatencyCurveTests.Curve(
            [.. entry.Rows.Zip(entry.RowsPerSecond, (rows, rate) => (rows, entry.Plan.Lanes * rows * (double)TimeSpan.TicksPerSecond / rate))]));
        return (plan, rows, busy) => curves[plan].Predict(rows) * (busy < plan.Lanes ? 0.9 : 1);
    }

    public SweepResult Sweep(PlanSweep sweep)
    {
        while (sweep.Next() is { } step)
        {
            Assert.IsLessThan(2000, Steps.Count, "the sweep does not end");
            Steps.Add(step);
            Run(sweep, step);
        }

        return sweep.Result;
    }

    public void Run(PlanSweep sweep, SweepStep step)
    {
        var runs = new long[step.Runs * step.BusyLanes];
        for (var run = 0; run < runs.Length; run++) runs[run] = Time(step);
        var wall = runs.Sum() / step.BusyLanes;
        for (var run = 0; run < step.WarmUps; run++) Ticks += Time(step);
        Ticks += wall;
        Runs += step.Runs + step.WarmUps;
        sweep.Report(step, runs, wall);
    }

    private long Time(SweepStep step)
    {
        var normal = Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
        return Math.Max(1, (long)(ticks(step.Plan, step.Rows, step.BusyLanes) * Math.Exp(noise * normal)));
    }
}
