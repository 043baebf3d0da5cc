using EdgeAI.Batching;
using EdgeAI.Leases;
using EdgeAI.Profiling;
using EdgeAI.Scheduling;

namespace EdgeAI.Testing;

/// <summary>A plan at work: its lanes' group, the durations of its runs, its faults, and what it has done.</summary>
internal sealed class PlanState
{
    private const int MostMeasuredRows = 256;

    // What it takes until a device that is gone has said so.
    private const long TicksToNotice = TimeSpan.TicksPerMillisecond / 10;

    private readonly SimulatedPlan _plan;
    private readonly LatencyCurve _crowded;
    private readonly (long From, double Factor)[] _slowdowns;
    private readonly (long From, double Rate)[] _failureRates;
    private readonly (long From, long To)[] _absences;
    private readonly SliceCounts _answeredBySlice;
    private readonly SliceCounts _runsBySlice;
    private readonly RandomStream _durations;
    private readonly RandomStream _faults;
    private readonly LogHistogram _errors;
    private long[] _runs = new long[65];
    private int _slowdown = -1;
    private int _failureRate = -1;
    private int _absence;

    public PlanState(SimulatedPlan plan, ModelOptions model, int? setRows, CoreBudget cores, LogHistogram errors, long sliceTicks, int seed)
    {
        _plan = plan;
        _crowded = plan.CrowdedLatency ?? plan.Latency;
        _slowdowns = [.. plan.Slowdowns.Select(change => (change.From.Ticks, change.Factor))];
        _failureRates = [.. plan.FailureRates.Select(change => (change.From.Ticks, change.Rate))];
        _absences = [.. plan.Absences.Select(absence => (absence.From.Ticks, absence.To.Ticks))];
        (_answeredBySlice, _runsBySlice) = (new SliceCounts(sliceTicks), new SliceCounts(sliceTicks));
        _durations = new RandomStream(seed);
        _faults = new RandomStream(~seed);
        _errors = errors;
        int? maxRows = model.MaxBatch;
        if (plan.IsMeasured || setRows is not null)
        {
            var measured = Math.Min(MostMeasuredRows, plan.MemoryRows ?? MostMeasuredRows);
            Curves = Measure(Math.Min(measured, maxRows ?? measured));
            var useful = PlanChoice.MaxBatch(Curves, model.Goal);
            maxRows = maxRows is { } most ? Math.Min(most, useful) : useful;
        }

        Group = new LaneGroup(plan.DeviceId, acceptsUnpinned: true, plan.CoresPerLane, cores, setRows ?? maxRows, plan.MinConcurrency);
    }

    public LaneGroup Group { get; }

    public int Lanes => _plan.Lanes;

    /// <summary>What was measured; <see langword="null"/> where it has to be learned.</summary>
    public PlanCurves? Curves { get; }

    public int Working { get; set; }

    public long BusyTicks { get; set; }

    public long FailedRuns { get; set; }

    public long Answered { get; private set; }

    public long FailedOver { get; set; }

    public int Interrupted { get; set; }

    public int LanesLost { get; set; }

    public int LanesReplaced { get; set; }

    /// <summary>What a run takes that starts now.</summary>
    public long DrawDuration(int rows, double costFactor, long now)
    {
        while (_slowdown + 1 < _slowdowns.Length && _slowdowns[_slowdown + 1].From <= now) _slowdown++;
        double ticks = _plan.Latency.At(rows).Ticks;
        if (Working > 1 && _plan.CrowdedLatency is not null) ticks += (_crowded.At(rows).Ticks - ticks) * (Working - 1) / Math.Max(1, Lanes - 1);
        ticks *= costFactor * (_slowdown < 0 ? 1 : _slowdowns[_slowdown].Factor);
        if (_plan.Jitter > 0) ticks *= 1 + (_plan.Jitter * ((2 * _durations.NextUnit()) - 1));
        return Math.Max(1, (long)Math.Round(ticks));
    }

    /// <summary>What goes wrong with a run of so many rows that starts now.</summary>
    public SimulatedFault DrawFault(int rows, long now)
    {
        while (_failureRate + 1 < _failureRates.Length && _failureRates[_failureRate + 1].From <= now) _failureRate++;
        var failureRate = _failureRate < 0 ? _plan.FailureRate : _failureRates[_failureRate].Rate;
        var drawn = _faults.NextUnit();
        if (drawn < _plan.StuckRate) return SimulatedFault.Stuck;
        if (drawn < _plan.StuckRate + _plan.HangRate) return SimulatedFault.Hang;
        if (rows > _plan.MemoryRows) return SimulatedFault.OutOfMemory;
        return drawn < _plan.StuckRate + _plan.HangRate + failureRate ? SimulatedFault.DeviceFault : SimulatedFault.None;
    }

    /// <summary>When a run from now until a time is broken off because the device is gone; <see langword="null"/> where it is there all the while.</summary>
    public long? FindLoss(long now, long until)
    {
        while (_absence < _absences.Length && _absences[_absence].To <= now) _absence++;
        return _absence < _absences.Length && _absences[_absence].From < until ? Math.Max(now + TicksToNotice, _absences[_absence].From) : null;
    }

    public void CountAnswer(long now)
    {
        Answered++;
        _answeredBySlice.Add(now);
    }

    public void CountRun(int rows, long now)
    {
        _runsBySlice.Add(now);
        if (rows >= _runs.Length) Array.Resize(ref _runs, Math.Max(rows + 1, 2 * _runs.Length));
        _runs[rows]++;
    }

    public void CountPrediction(long predicted, long seen) => _errors.Add((long)(1e6 * Math.Abs(predicted - seen) / seen));

    public SimulatedPlanResult ToResult(long ticks) => new()
    {
        DeviceId = _plan.DeviceId,
        RunsByRows = Enumerable.Range(0, _runs.Length).Where(rows => _runs[rows] > 0).ToDictionary(rows => rows, rows => _runs[rows]),
        Answered = Answered,
        AnsweredBySlice = _answeredBySlice.ToList(ticks),
        RunsBySlice = _runsBySlice.ToList(ticks),
        FailedOver = FailedOver,
        FailedRuns = FailedRuns,
        Utilization = ticks > 0 ? BusyTicks / ((double)ticks * Lanes) : 0,
        Interrupted = Interrupted,
        LanesLost = LanesLost,
        LanesReplaced = LanesReplaced,
    };

    private PlanCurves Measure(int mostRows)
    {
        var sizes = new List<int>();
        for (var rows = 1; rows <= mostRows; rows *= 2) sizes.Add(rows);
        if (sizes[^1] != mostRows) sizes.Add(mostRows);
        sizes.AddRange(SteppedSizes.Between([.. sizes.Select(rows => (rows, (double)_crowded.At(rows).Ticks))]).ToArray());
        return new PlanCurves(new LanePlan(Lanes, _plan.CoresPerLane), Measure(_plan.Latency, sizes), Measure(_crowded, sizes));
    }

    private Profiling.LatencyCurve Measure(LatencyCurve curve, List<int> sizes) => Profiling.LatencyCurve.Create(sizes.Select(rows =>
    {
        double ticks = Math.Max(1, curve.At(rows).Ticks);
        return new CurvePoint(rows, ticks, ticks * (1 + (0.9 * _plan.Jitter)), Samples: 32);
    }));
}
