using EdgeAI.Batching;
using EdgeAI.Leases;

namespace EdgeAI.Scheduling;

/// <summary>
/// Shows a policy the devices that may take a request, and remembers what it was shown. Devices that are failing are left out while there are others, and so are those that would be too late
/// while another is not. With one device left nobody is asked. Belongs to the scheduler; a decision allocates nothing once as many devices have been seen.
/// </summary>
/// <param name="policy">Decides.</param>
/// <param name="waiter">Who takes the cores of runs; <see langword="null"/> where nobody does.</param>
internal sealed class Router(IRoutingPolicy policy, ICoreWaiter? waiter = null)
{
    private RoutingOption[] _options = new RoutingOption[4];
    private LaneSet[] _sets = new LaneSet[4];
    private long[] _latest = new long[4];
    private int _count;
    private int _seen;
    private LaneSet? _previous;

    /// <summary>The name of the policy.</summary>
    public string Policy => policy.Name;

    /// <summary>What was considered last.</summary>
    public ReadOnlySpan<RoutingOption> Considered => _options.AsSpan(0, _count);

    /// <summary>The same, and after it what would have been too late.</summary>
    public ReadOnlySpan<RoutingOption> Seen => _options.AsSpan(0, _seen);

    /// <summary>Lanes that would have been too late for the last item, but would end a run before the others have worked off what waits: they may help with what is less urgent.</summary>
    /// <param name="index">From 0.</param>
    public LaneSet? HelperAt(int index)
    {
        for (var i = _count; i < _seen; i++)
        {
            if (IsUseful(i) && index-- == 0) return _sets[i];
        }

        return null;
    }

    /// <summary>Whether these lanes are among those helpers.</summary>
    public bool IsHelper(LaneSet set) => Array.IndexOf(_sets, set, _count, _seen - _count) is >= 0 and var at && IsUseful(at);

    /// <summary>The lanes to run an item on; <see langword="null"/> where no device takes it.</summary>
    /// <param name="item">One that names no device.</param>
    /// <param name="sets">All lanes of the model.</param>
    /// <param name="queue">Where the item waits.</param>
    /// <param name="now">Ticks.</param>
    public LaneSet? Choose(WorkItem item, List<LaneSet> sets, WorkQueue queue, long now)
    {
        Collect(item, sets, now);
        _seen = _count;
        if (_count == 0) return null;
        for (var i = 0; i < _count; i++) _options[i] = Describe(_sets[i], item, queue, now, out _latest[i]);
        if (item.HasDeadline) LeaveOutLate(item.Deadline - now);
        var previous = _previous is null ? -1 : Array.IndexOf(_sets, _previous, 0, _count);
        var chosen = _count == 1 ? 0 : policy.Choose(Considered, new RoutingQuery(QueuedRows(item, queue), item.HasDeadline ? TimeSpan.FromTicks(item.Deadline - now) : null, previous));
        return _sets[chosen];
    }

    /// <summary>A run was started where it was chosen to be: what is only asked again and again is no decision.</summary>
    public void Started(LaneSet set) => _previous = set;

    private void Collect(WorkItem item, List<LaneSet> sets, long now)
    {
        _count = 0;
        foreach (var set in sets)
        {
            if (set.ServesUnpinned && set.DeviceId != item.AvoidDeviceId && set.Permits(now)) Add(set);
        }

        if (_count > 0) return;
        foreach (var set in sets)
        {
            if (set.ServesUnpinned && set.DeviceId != item.AvoidDeviceId) Add(set);
        }

        if (_count > 0) return;
        foreach (var set in sets)
        {
            if (set.AcceptsUnpinned) Add(set);
        }
    }

    private void Add(LaneSet set)
    {
        if (_count == _sets.Length)
        {
            Array.Resize(ref _sets, 2 * _count);
            Array.Resize(ref _options, 2 * _count);
            Array.Resize(ref _latest, 2 * _count);
        }

        _sets[_count++] = set;
    }

    /// <param name="set">The device.</param>
    /// <param name="item">What is to run.</param>
    /// <param name="queue">Where it waits.</param>
    /// <param name="now">Ticks.</param>
    /// <param name="latest">Ticks until the next run there has ended almost certainly; 0 while nothing is known.</param>
    private RoutingOption Describe(LaneSet set, WorkItem item, WorkQueue queue, long now, out long latest)
    {
        var group = set.Active!;
        var costs = item.Shape.CostsOn(group);
        var queued = QueuedRows(item, queue);
        var rows = item.IsStackable ? Math.Max(item.Rows, Math.Min(queued, costs.MaxRows(group.MaxRows))) : item.Rows;
        var idle = set.CountIdle();
        var working = set.CountWorking();
        var run = costs.IsKnown ? costs.Expect(rows, isCrowded: working > 0, mayHope: working == 0, now) : rows * set.PresumedTicks;
        var wait = idle == 0 ? set.ExpectedWait(now) : 0;
        if (idle > 0 && set.LacksCores(waiter))
        {
            // Another model or a lease holds the cores: until it was seen for how long, as long as this run would.
            wait = set.ExpectedDenial(now, run);
            idle = 0;
        }

        latest = run > 0 ? wait + Math.Max(run, costs.PredictUpper(rows, isCrowded: working > 0)) : 0;
        var rest = Math.Max(0, queued - rows);
        return new RoutingOption
        {
            DeviceId = set.DeviceId,
            IdleLanes = idle,
            Lanes = Math.Max(1, group.Lanes.Count),
            RunningRows = set.CountRunningRows(),
            Rows = rows,
            Wait = TimeSpan.FromTicks(wait),
            Run = run > 0 ? TimeSpan.FromTicks(run) : null,
            Drain = run > 0 ? TimeSpan.FromTicks(wait + run + (run * rest / rows / Math.Max(1, group.Lanes.Count))) : null,
            Status = set.Status,
        };
    }

    private static int QueuedRows(WorkItem item, WorkQueue queue) => Math.Max(item.Rows, item.IsStackable ? queue.StackableRows(item.Shape) : queue.Count);

    private void LeaveOutLate(long timeLeft)
    {
        var inTime = 0;
        for (var i = 0; i < _count; i++) inTime += _latest[i] > timeLeft ? 0 : 1;
        if (inTime == 0 || inTime == _count) return;
        var kept = 0;
        for (var i = 0; i < _count; i++)
        {
            if (_latest[i] > timeLeft) continue;
            (_options[kept], _options[i]) = (_options[i], _options[kept]);
            (_sets[kept], _sets[i]) = (_sets[i], _sets[kept]);
            (_latest[kept], _latest[i]) = (_latest[i], _latest[kept]);
            kept++;
        }

        _count = kept;
    }

    private bool IsUseful(int index)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_options[i].Drain is not { } drain || drain < _options[index].Wait + _options[index].Run) return false;
        }

        return true;
    }
}
