namespace EdgeAI.Profiling;

/// <summary>
/// Decides what to measure next, until it is known how a model is best served on a device: single rows of every plan; from the best plan on, larger batches
/// while they pay; the better half of the plans longer, and so on (successive halving, Jamieson and Talwalkar 2016); then both curves of the chosen
/// plan. Each of these visits a plan once a round, because changing plans may mean opening sessions. No clock and no threads: a runner asks <see cref="Next"/>, does it, and reports.
/// Not thread-safe.
/// </summary>
internal sealed class PlanSweep
{
    private const long LeastBudgetTicks = 2 * TimeSpan.TicksPerSecond;
    private const int BudgetRuns = 40;
    private const int ProbeRuns = 2;
    private const double WorthwhileGain = 1.05;
    private const int MostFlatSizes = 2;
    private const double ExploreShare = 0.6;
    private const double HalveShare = 0.8;
    private const double Hopeless = 0.8;
    private const int HalveWindows = 12;
    private const int CurveWindows = 6;
    private const int SingleWindows = 3;

    private readonly PlanRecord[] _records;
    private readonly int _maxRows;
    private readonly ServingGoal _goal;
    private readonly Func<LanePlan, int, bool> _fits;
    private readonly int? _concurrency;
    private readonly IEnumerator<SweepStep> _steps;
    private double _slowest;
    private SweepStep? _pending;
    private PlanRecord? _chosen;

    /// <param name="candidates">The plans to choose from, at least one.</param>
    /// <param name="maxRows">The largest batch; 1 for a model that cannot be batched.</param>
    /// <param name="goal">What to choose for.</param>
    /// <param name="fits">Whether a plan has memory for batches of so many rows.</param>
    /// <param name="concurrency">The most rows in flight, where that is known.</param>
    public PlanSweep(IReadOnlyList<LanePlan> candidates, int maxRows, ServingGoal goal, Func<LanePlan, int, bool> fits, int? concurrency = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(candidates.Count, nameof(candidates));
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRows, 1);
        _records = [.. candidates.Distinct().Select(plan => new PlanRecord(plan))];
        _maxRows = Math.Min(maxRows, Math.Max(1, concurrency ?? maxRows));
        _goal = goal;
        _fits = fits;
        _concurrency = concurrency;
        _steps = Steps().GetEnumerator();
    }

    /// <summary>The time that measuring may take: 2 s, or 40 single rows of the slowest plan if that is longer.</summary>
    public long BudgetTicks => Math.Max(LeastBudgetTicks, (long)(BudgetRuns * _slowest));

    /// <summary>The time that the steps reported so far took, warm-ups included.</summary>
    public long SpentTicks { get; private set; }

    /// <summary>Whether any plan could be measured.</summary>
    public bool HasResult => _records.Any(record => record.IsUsable);

    /// <summary>What is known so far; final when <see cref="Next"/> returns <see langword="null"/>.</summary>
    /// <exception cref="InvalidOperationException">No plan could be measured.</exception>
    public SweepResult Result
    {
        get
        {
            if (!HasResult) throw new InvalidOperationException("No plan could be measured.");
            PlanCurves[] curves = [.. _records.Where(record => record.IsUsable).Select(record => record.ToCurves())];
            if (_chosen is null || !_chosen.IsUsable) return PlanChoice.Choose(curves, _goal, _concurrency);
            var plan = curves.Single(plan => plan.Plan == _chosen.Plan);
            return new SweepResult(plan.Plan, PlanChoice.MaxBatch(plan, _goal, _concurrency), curves);
        }
    }

    /// <summary>The step to measure now, the same one until it is reported or failed; <see langword="null"/> when done.</summary>
    public SweepStep? Next() => _pending ??= _steps.MoveNext() ? _steps.Current : null;

    /// <summary>Takes the durations of a step's timed runs, of all its lanes, and how long these took together.</summary>
    public void Report(SweepStep step, ReadOnlySpan<long> runTicks, long wallTicks)
    {
        if (runTicks.IsEmpty)
        {
            Fail(step);
            return;
        }

        Finish(step);
        var measure = RecordOf(step).Measure(step.Rows, step.BusyLanes);
        measure.Add(runTicks);
        SpentTicks += wallTicks + (long)(step.WarmUps * measure.MedianTicks);
        if (step.Rows == 1) _slowest = Math.Max(_slowest, measure.MedianTicks);
    }

    /// <summary>Says that a step could not be run, for want of memory or because the device refused: that size and larger ones are out for its plan.</summary>
    public void Fail(SweepStep step)
    {
        Finish(step);
        RecordOf(step).Exclude(step.Rows);
    }

    private void Finish(SweepStep step)
    {
        if (_pending != step) throw new InvalidOperationException("This is not the step that Next returned.");
        _pending = null;
    }

    private PlanRecord RecordOf(SweepStep step) => _records.Single(record => record.Plan == step.Plan);

    private IEnumerable<SweepStep> Steps() => _records.SelectMany(Begin).Concat(Grow()).Concat(Halve()).Concat(Complete());

    /// <summary>One window of single rows, with every lane busy and with one.</summary>
    private IEnumerable<SweepStep> Begin(PlanRecord record)
    {
        var lanes = record.Plan.Lanes;
        if (!_fits(record.Plan, 1))
        {
            record.Exclude(1);
            yield break;
        }

        // Nothing is known of this plan: two runs tell how many make a step.
        yield return new SweepStep(record.Plan, 1, lanes, ProbeRuns) { WarmUps = 1 };
        if (!record.IsUsable) yield break;
        if (record.Step(1, lanes, _slowest).Runs > ProbeRuns)
        {
            var probe = record.Measure(1, lanes);
            probe.Clear();
            yield return record.Step(1, lanes, _slowest);
            if (!record.IsUsable) yield break;
        }

        if (lanes > 1) yield return record.Step(1, 1, _slowest);
    }

    /// <summary>Larger batches of the plans, best first. Each may use half of the time that is left for this, the last one all of it.</summary>
    private IEnumerable<SweepStep> Grow()
    {
        var plans = _records.Where(record => record.IsUsable).OrderByDescending(Score).ToArray();
        for (var i = 0; i < plans.Length; i++)
        {
            var left = (ExploreShare * BudgetTicks) - SpentTicks;
            foreach (var step in Grow(plans[i], SpentTicks + (i < plans.Length - 1 ? left / 2 : left))) yield return step;
        }
    }

    /// <summary>One window of each size of a plan, in ascending order while it pays and until the time is used.</summary>
    private IEnumerable<SweepStep> Grow(PlanRecord record, double until)
    {
        var lanes = record.Plan.Lanes;
        var flat = 0;
        var best = record.IsUsable ? record.RowsPerSecond(1) : 0;
        foreach (var rows in LargerSizes())
        {
            if (rows > record.Limit || !_fits(record.Plan, rows)) break;
            var step = record.Step(rows, lanes, _slowest);
            if (SpentTicks + record.Cost(step, _slowest) > until) break;
            yield return step;
            if (!record.Has(rows, lanes)) break;
            flat = record.RowsPerSecond(rows) > WorthwhileGain * best ? 0 : flat + 1;
            best = Math.Max(best, record.RowsPerSecond(rows));
            if (flat == MostFlatSizes) break;
        }
    }

    /// <summary>More windows for the better half of the plans, round after round, as long as at least two are in the running.</summary>
    private IEnumerable<SweepStep> Halve()
    {
        var plans = _records.Where(record => record.IsUsable).ToArray();
        while (plans.Length > 1)
        {
            plans = [.. plans.Where(record => record.IsUsable).OrderByDescending(Score).Take(Math.Max(2, (plans.Length + 1) / 2))];
            if (plans.Length == 0) break;
            var enough = Hopeless * Score(plans[0]);
            plans = [.. plans.Where(record => Score(record) >= enough).OrderBy(record => Array.IndexOf(_records, record))];
            if (plans.Length < 2) break;
            var progress = false;
            foreach (var record in plans)
            {
                foreach (var (rows, busy) in Arms(record))
                {
                    if (!record.Has(rows, busy) || record.Measure(rows, busy).Windows >= HalveWindows || !Affords(record, rows, busy, HalveShare)) continue;
                    yield return record.Step(rows, busy, _slowest);
                    progress = true;
                }
            }

            if (!progress) break;
        }
    }

    /// <summary>Chooses the plan, looks whether its useful sizes hide steps, and measures both of its curves until they are stable.</summary>
    private IEnumerable<SweepStep> Complete()
    {
        if (!HasResult) yield break;
        var equal = (1 - PlanChoice.Noise) * _records.Where(record => record.IsUsable).Max(Score);
        foreach (var record in _records.Where(record => record.IsUsable && Score(record) >= equal).ToArray())
        {
            while (record.Has(1, 1) && record.Measure(1, 1).Windows < SingleWindows && Affords(record, 1, 1, HalveShare)) yield return record.Step(1, 1, _slowest);
        }

        if (!HasResult) yield break;
        var (plan, most, _) = Result;
        _chosen = _records.Single(record => record.Plan == plan);
        foreach (var rows in SteppedSizes.Between([.. _chosen.Sizes.Where(rows => rows <= most).Select(rows => (rows, _chosen.Measure(rows, plan.Lanes).MedianTicks))]).ToArray())
        {
            if (rows <= _chosen.Limit && _fits(plan, rows) && Affords(_chosen, rows, plan.Lanes, HalveShare)) yield return _chosen.Step(rows, plan.Lanes, _slowest);
        }

        for (var window = 1; window <= CurveWindows; window++)
        {
            foreach (var busy in new[] { _chosen.Plan.Lanes, 1 }.Distinct())
            {
                foreach (var rows in _chosen.Sizes.ToArray())
                {
                    var measure = _chosen.Measure(rows, busy);
                    if (rows > _chosen.Limit || measure.Windows >= window || measure.IsStable || !Affords(_chosen, rows, busy, 1)) continue;
                    yield return _chosen.Step(rows, busy, _slowest);
                }
            }
        }
    }

    /// <summary>What the goal asks of a plan, higher is better.</summary>
    private double Score(PlanRecord record) => _goal == ServingGoal.Latency && _concurrency is null or 1
        ? 1 / record.Measure(1, record.Has(1, 1) ? 1 : record.Plan.Lanes).MedianTicks
        : _concurrency is null ? record.BestRowsPerSecond : PlanChoice.RowsPerSecond(record.ToCurves(), _concurrency);

    /// <summary>What decides a plan's score: a single row, or its two best sizes.</summary>
    private (int Rows, int Busy)[] Arms(PlanRecord record) => _goal == ServingGoal.Latency && _concurrency is null or 1
        ? [(1, 1)]
        : [.. record.Sizes.Where(rows => rows <= (_concurrency ?? int.MaxValue)).OrderByDescending(record.RowsPerSecond).Take(2).Select(rows => (rows, record.Plan.Lanes))];

    private IEnumerable<int> LargerSizes()
    {
        for (var rows = 2L; rows < _maxRows; rows *= 2) yield return (int)rows;
        if (_maxRows > 1) yield return _maxRows;
    }

    private bool Affords(PlanRecord record, int rows, int busy, double share) => SpentTicks + record.Cost(record.Step(rows, busy, _slowest), _slowest) <= share * BudgetTicks;
}
