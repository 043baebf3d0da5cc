namespace EdgeAI.Profiling;

/// <summary>What a sweep knows of one plan so far.</summary>
internal sealed class PlanRecord(LanePlan plan)
{
    /// <summary>Untimed runs before the first timed ones of a size; a single one where a run is long.</summary>
    public const int WarmUpRuns = 3;

    private const double StepTicks = 20 * TimeSpan.TicksPerMillisecond;
    private const double LongRunTicks = 10 * TimeSpan.TicksPerMillisecond;
    private const int FewestRuns = 3;
    private const int MostRuns = 4096;
    private readonly SortedDictionary<int, SweepMeasure> _alone = [];
    private readonly SortedDictionary<int, SweepMeasure> _crowded = [];

    public LanePlan Plan { get; } = plan;

    /// <summary>The largest batch that may be tried; 0 when the plan cannot run at all.</summary>
    public int Limit { get; private set; } = int.MaxValue;

    /// <summary>Whether the plan can be served with: it ran a single row with every lane busy.</summary>
    public bool IsUsable => Limit > 0 && Has(1, Plan.Lanes);

    /// <summary>The sizes measured with every lane busy, ascending.</summary>
    public IEnumerable<int> Sizes => _crowded.Where(size => size.Value.Windows > 0 && size.Key <= Limit).Select(size => size.Key);

    /// <summary>The measure of a size; on a plan of one lane, alone and crowded are the same.</summary>
    public SweepMeasure Measure(int rows, int busyLanes)
    {
        var measures = busyLanes == Plan.Lanes ? _crowded : _alone;
        if (!measures.TryGetValue(rows, out var measure)) measures[rows] = measure = new SweepMeasure();
        return measure;
    }

    public bool Has(int rows, int busyLanes) => rows <= Limit && Measure(rows, busyLanes).Windows > 0;

    public void Exclude(int rows) => Limit = Math.Min(Limit, rows - 1);

    /// <summary>Rows per second with every lane busy.</summary>
    public double RowsPerSecond(int rows) => rows * Plan.Lanes * TimeSpan.TicksPerSecond / Measure(rows, Plan.Lanes).MedianTicks;

    public double BestRowsPerSecond => Sizes.Max(RowsPerSecond);

    /// <summary>How long a run may take, from the nearest size that ran, or from <paramref name="otherwise"/>.</summary>
    public double Expect(int rows, int busyLanes, double otherwise)
    {
        var known = Measure(rows, busyLanes).MedianTicks;
        if (known > 0) return known;
        var measures = busyLanes == Plan.Lanes || _alone.Values.All(measure => measure.MedianTicks == 0) ? _crowded : _alone;
        var (nearest, measured) = measures.LastOrDefault(size => size.Value.MedianTicks > 0 && size.Key <= rows);
        return measured is null ? otherwise : measured.MedianTicks * rows / nearest;
    }

    /// <summary>A step of about 20 ms: a single run where it is long, never fewer than three where it is short.</summary>
    public SweepStep Step(int rows, int busyLanes, double otherwise)
    {
        var ticks = Math.Max(1, Expect(rows, busyLanes, otherwise));
        var isLong = ticks > LongRunTicks;
        return new SweepStep(Plan, rows, busyLanes, (int)Math.Clamp(StepTicks / ticks, isLong ? 1 : FewestRuns, MostRuns))
        {
            WarmUps = Measure(rows, busyLanes).Windows > 0 ? 0 : isLong ? 1 : WarmUpRuns,
        };
    }

    /// <summary>How long a step may take, warm-ups included.</summary>
    public double Cost(SweepStep step, double otherwise) => (step.Runs + step.WarmUps) * Expect(step.Rows, step.BusyLanes, otherwise);

    public PlanCurves ToCurves()
    {
        var crowded = ToCurve(_crowded);
        return new PlanCurves(Plan, Plan.Lanes > 1 && Has(1, 1) ? ToCurve(_alone) : crowded, crowded);
    }

    private LatencyCurve ToCurve(SortedDictionary<int, SweepMeasure> measures) =>
        LatencyCurve.Create(measures.Where(size => size.Value.Windows > 0 && size.Key <= Limit).Select(size => size.Value.ToPoint(size.Key)));
}
