using EdgeAI.Batching;

namespace EdgeAI.Scheduling;

/// <summary>What a batching policy is shown. One for each scheduler, filled anew for each decision.</summary>
internal sealed class LaneBatchingState(long maxWait) : BatchingState
{
    private RunCosts _costs = null!;
    private LaneSet _set = null!;
    private WorkItem _first = null!;
    private ShapeQueue _mates = null!;
    private long _now;
    private int _maxRows;
    private int _freeLanes;
    private int _lanes;
    private int _runningRows;
    private bool _isCrowded;
    private bool _mustRun;

    public override int QueuedRows => _mates.Rows;

    public override int FirstRows => _first.Rows;

    public override int MaxRows => _maxRows;

    public override int FreeLanes => _freeLanes;

    public override int Lanes => _lanes;

    public override int RowsInFlight => _mates.Rows + _runningRows;

    public override TimeSpan? TimeToDeadline => Math.Min(_first.Deadline, _mates.First.Deadline) is var deadline && deadline == WorkItem.NoDeadline ? null : TimeSpan.FromTicks(deadline - _now);

    public override TimeSpan Waited => TimeSpan.FromTicks(_now - _first.EnqueuedAt);

    public override TimeSpan Held => _set.IsWaiting ? TimeSpan.FromTicks(_now - _set.WaitingSince) : TimeSpan.Zero;

    public override TimeSpan MaxWait => TimeSpan.FromTicks(maxWait);

    public override bool MustRun => _mustRun;

    public override ReadOnlySpan<TimeSpan> Windows => Arrivals.Windows;

    public override TimeSpan Predict(int rows) => TimeSpan.FromTicks(_costs.Predict(rows, _isCrowded));

    public override TimeSpan PredictUpper(int rows) => TimeSpan.FromTicks(_costs.PredictUpper(rows, _isCrowded));

    public override int BestFirst(int rows) => _costs.BestFirst(rows, _isCrowded);

    public override double ExpectArrivals(int window, out TimeSpan remaining) => _set.Arrivals.Expect(window, _now, out remaining);

    public LaneBatchingState Show(LaneSet set, RunCosts costs, WorkItem first, ShapeQueue mates, int maxRows, bool mustRun, long now)
    {
        (_set, _costs, _first, _mates, _maxRows, _mustRun, _now) = (set, costs, first, mates, maxRows, mustRun, now);
        _freeLanes = set.CountIdle();
        _lanes = Math.Max(_freeLanes, set.Active?.Lanes.Count ?? 1);
        _runningRows = set.CountRunningRows();
        _isCrowded = set.CountWorking() > 0 || _freeLanes > 1;
        return this;
    }
}
