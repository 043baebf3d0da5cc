using EdgeAI.Scheduling;

namespace EdgeAI.Testing;

/// <summary>
/// A lane on virtual time. Runs a batch and completes its callers by the rules of the engine's lanes: who was cancelled is left out, a run that fails is cut
/// in halves, each with its own duration, until only the request at fault is alone with its failure; where another device can take its requests, they go there instead, each once.
/// </summary>
internal sealed class SimulatedLane(SimulationLoop loop, PlanState plan) : LaneSlot(plan.Group)
{
    private readonly List<SimulatedItem> _items = [];
    private readonly List<SimulatedItem> _present = [];
    private readonly Stack<(int From, int To, int Depth)> _parts = [];
    private (int From, int To, int Depth) _part;
    private SimulatedFault _fault;
    private long _partStarted;
    private int _presentLeft;
    private long _wholeTicks;
    private bool _hasFailed;
    private bool _halvesRan;
    private bool _isOverdue;
    private bool _isDevices;
    private bool _isLost;

    public PlanState Plan => plan;

    public IReadOnlyList<SimulatedItem> Items => _items;

    /// <summary>Changes with each run, so that the end of one that was stopped is not taken for that of the next.</summary>
    public int Run { get; private set; }

    public BatchOutcome Outcome => new(_hasFailed ? 0 : _wholeTicks, _hasFailed && _items.Count > 1 && _halvesRan ? MemoryVerdict.Suspect : MemoryVerdict.Sufficient, _isLost ? DeviceFault.Lost : _isDevices ? DeviceFault.Failed : DeviceFault.None);

    /// <inheritdoc/>
    public override void Wake()
    {
        // A batch is begun by the loop; waits are timed there too.
    }

    /// <inheritdoc/>
    public override void Retire()
    {
    }

    /// <inheritdoc/>
    public override void Interrupt(long startedAt)
    {
        plan.Interrupted++;
        _isOverdue = true;
        if (_fault != SimulatedFault.Stuck) StopRun();
    }

    /// <summary>Starts the batch that the scheduler gave.</summary>
    public void Begin()
    {
        _items.Clear();
        for (var i = 0; i < Batch.Count; i++)
        {
            var item = (SimulatedItem)Batch[i];
            item.Lane = this;
            _items.Add(item);
        }

        (_wholeTicks, _hasFailed, _isOverdue, _halvesRan, _isDevices, _isLost) = (0, false, false, true, false, false);
        plan.Working++;
        _parts.Clear();
        _parts.Push((0, _items.Count, 0));
        BeginPart();
    }

    /// <summary>The current run is over, however it went.</summary>
    public void EndRun(long now)
    {
        var ticks = now - _partStarted;
        plan.BusyTicks += ticks;
        if (_fault == SimulatedFault.None) Complete(ticks, now);
        else Fail();
        BeginPart();
    }

    /// <summary>A caller has given its running request up.</summary>
    public void CallerLeft(SimulatedItem item)
    {
        // The inputs of a stacked run were copied: its callers need not wait for it.
        if (_items.Count > 1 && !item.IsEnded) loop.End(item, SimulatedOutcome.Cancelled);
        if (_present.Contains(item) && --_presentLeft == 0 && _fault != SimulatedFault.Stuck) StopRun();
    }

    /// <summary>It does not come back: its callers are told.</summary>
    public void Abandon(long now)
    {
        Run++;
        plan.Working--;
        plan.BusyTicks += now - _partStarted;
        plan.FailedRuns++;
        plan.LanesLost++;
        foreach (var item in _items) item.Abandon(null!);
        _items.Clear();
    }

    /// <summary>Gives the items of a finished batch back.</summary>
    public void Recycle()
    {
        foreach (var item in _items) loop.Recycle(item);
        _items.Clear();
    }

    /// <summary>Runs the next part that somebody still waits for; after the last one the batch is finished.</summary>
    private void BeginPart()
    {
        while (_parts.TryPop(out _part))
        {
            _present.Clear();
            var rows = 0;
            var hasPoison = false;
            for (var i = _part.From; i < _part.To; i++)
            {
                var item = _items[i];
                if (item.IsMoved) continue;
                if (item.IsCancelled)
                {
                    if (!item.IsEnded) loop.End(item, SimulatedOutcome.Cancelled);
                    continue;
                }

                _present.Add(item);
                rows += item.Rows;
                hasPoison |= item.IsPoison;
            }

            if (_present.Count > 0)
            {
                StartRun(rows, hasPoison);
                return;
            }
        }

        plan.Working--;
        loop.Finish(this);
    }

    private void StartRun(int rows, bool hasPoison)
    {
        Run++;
        plan.CountRun(rows, loop.Now);
        _presentLeft = _present.Count;
        _partStarted = loop.Now;
        var ticks = plan.DrawDuration(rows, _present[0].Source.Traffic.CostFactor, loop.Now);
        _fault = plan.DrawFault(rows, loop.Now);
        if (_fault == SimulatedFault.None && hasPoison) _fault = SimulatedFault.DeviceFault;
        if (plan.FindLoss(loop.Now, loop.Now + ticks) is { } lostAt) (_fault, ticks) = (SimulatedFault.Lost, lostAt - loop.Now);
        if (_fault is not (SimulatedFault.Hang or SimulatedFault.Stuck)) loop.EndRunAt(this, loop.Now + ticks);
    }

    private void StopRun()
    {
        _fault = SimulatedFault.Hang;
        Run++;
        loop.EndRunAt(this, loop.Now);
    }

    private void Complete(long ticks, long now)
    {
        if (_part.Depth == 0)
        {
            _wholeTicks = ticks;
            if (Batch.Predicted > 0 && now >= loop.WarmUp) plan.CountPrediction(Batch.Predicted, ticks);
        }

        foreach (var item in _present)
        {
            if (item.IsCancelled && item.IsEnded) continue;
            loop.End(item, SimulatedOutcome.Answered);
            plan.CountAnswer(now);
        }
    }

    private void Fail()
    {
        plan.FailedRuns++;
        _hasFailed = true;
        _isLost |= _fault == SimulatedFault.Lost;
        _isDevices |= _fault is SimulatedFault.DeviceFault or SimulatedFault.Lost or SimulatedFault.Hang;
        var (from, to, depth) = _part;
        if (depth == 1) _halvesRan = false;
        if (_isOverdue || _fault == SimulatedFault.Hang)
        {
            _halvesRan = false;
            foreach (var item in _present)
            {
                if (!item.IsEnded) loop.End(item, item.IsCancelled ? SimulatedOutcome.Cancelled : SimulatedOutcome.Failed);
            }
        }
        else if (FailOver())
        {
            // Who had nowhere to go is tried here once more.
            _halvesRan = false;
            _parts.Push((from, to, depth + 1));
        }
        else if (_present.Count > 1)
        {
            var middle = (from + to) / 2;
            _parts.Push((middle, to, depth + 1));
            _parts.Push((from, middle, depth + 1));
        }
        else if (!_present[0].IsEnded)
        {
            loop.End(_present[0], SimulatedOutcome.Failed);
        }
    }

    /// <summary>Gives those that another device may run to the scheduler again, by the rules of the engine; returns whether there were any.</summary>
    private bool FailOver()
    {
        // Where memory was short, fewer at once are tried first.
        if (_fault == SimulatedFault.OutOfMemory && _present.Count > 1) return false;
        var moved = 0;
        foreach (var item in _present)
        {
            if (item.DeviceId is null && item.AvoidDeviceId is null && item.OrderKey is null && !item.IsCancelled && loop.TryFailOver(item, Group.DeviceId)) moved++;
        }

        plan.FailedOver += moved;
        return moved > 0;
    }
}
