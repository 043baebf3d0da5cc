using EdgeAI.Batching;
using EdgeAI.Leases;
using EdgeAI.Routing;

namespace EdgeAI.Scheduling;

/// <summary>A model's lanes on one device, in one or more groups of which one is in use, and the items that only this device may run. Belongs to the scheduler.</summary>
internal sealed class LaneSet(string deviceId, WorkQueue pinned)
{
    private const long Never = long.MinValue;

    private readonly List<LaneGroup> _groups = [];
    private readonly List<LaneGroup> _serving = [];
    private readonly List<LaneSlot> _idle = [];
    private readonly GroupContest _contest = new();
    private LaneGroup? _planned;
    private LaneSlot? _waiting;
    private long _deniedSince = Never;
    private long _usualDenial;

    public string DeviceId { get; } = deviceId;

    public WorkQueue Pinned { get; } = pinned;

    public LoadMonitor Load { get; } = new();

    /// <summary>What becomes of the runs here.</summary>
    public DeviceBreaker Breaker { get; } = new();

    /// <summary>What the device last told of itself.</summary>
    public DeviceStatus Status { get; set; }

    /// <summary>What a run of one row is expected to take until one was seen, by the device's profile; 0 where that is not known.</summary>
    public long PresumedTicks { get; set; }

    /// <summary>Whether the device is there; one that was pulled out may come back.</summary>
    public bool IsPresent { get; set; } = true;

    /// <summary>Whether the device can be trusted with a run that others could do.</summary>
    public bool Permits(long now) => IsPresent && Status.Health != DeviceHealth.Failed && Breaker.Permits(now, CountWorking() > 0);

    public Arrivals Arrivals { get; } = new();

    /// <summary>The group that takes work; <see langword="null"/> where there is none.</summary>
    public LaneGroup? Active { get; private set; }

    /// <summary>All groups, retired ones that still work included.</summary>
    public IReadOnlyList<LaneGroup> Groups => _groups;

    /// <summary>Why nothing runs here any more; <see langword="null"/> where something does, or will.</summary>
    public DeviceFaultException? Fault { get; set; }

    public bool AcceptsUnpinned => Active is { AcceptsUnpinned: true };

    /// <summary>Whether a lane is there, at work or not, for what names no device: none is while lost ones are replaced.</summary>
    public bool ServesUnpinned => Active is { AcceptsUnpinned: true, Lanes.Count: > 0 };

    // A free lane waits for more requests.
    public long WaitUntil { get; private set; }

    public long WaitingSince { get; private set; }

    public int WaitRows { get; private set; }

    public ShapeGroup? WaitShape { get; private set; }

    public bool IsWaiting => WaitShape is not null;

    public void Add(LaneGroup group, long now)
    {
        Fault = null;
        _groups.Add(group);
        _serving.Add(group);
        ChooseGroup(now);
    }

    /// <summary>Gives a group no more work. It is kept until its last lane has finished.</summary>
    public void Retire(LaneGroup group, long now)
    {
        _serving.Remove(group);
        _idle.RemoveAll(lane => lane.Group == group);
        if (_waiting?.Group == group) EndWait();
        if (Active == group) Active = null;
        ChooseGroup(now);
        Forget(group);
    }

    public void Forget(LaneGroup group)
    {
        if (group.Working == 0) _groups.Remove(group);
    }

    public void ChooseGroup(long now)
    {
        if (_serving.Count == 0)
        {
            Active = null;
            return;
        }

        _planned = Load.Choose(_serving, _planned is not null && _serving.Contains(_planned) ? _planned : null, now);
        Active = _contest.Choose(_serving, _planned, Load.Load, now);
    }

    /// <summary>A lane has finished a batch, whose items are still there.</summary>
    public void Finished(LaneGroup group, Batch batch, bool isAnswered, long now) => _contest.Finished(_serving, group, batch, isAnswered, now);

    /// <summary>What was measured of the groups has changed.</summary>
    public void ForgetContest() => _contest.Clear();

    /// <summary>The idle lane that worked last, so that its caches are warm.</summary>
    public LaneSlot? FindIdle()
    {
        for (var i = _idle.Count - 1; i >= 0; i--)
        {
            if (_idle[i].Group == Active) return _idle[i];
        }

        return null;
    }

    public int CountIdle()
    {
        var count = 0;
        foreach (var lane in _idle) count += lane.Group == Active ? 1 : 0;
        return count;
    }

    /// <summary>Whether the cores for a run of an idle lane are held by others.</summary>
    /// <param name="waiter">Who would take them.</param>
    public bool LacksCores(ICoreWaiter? waiter) => Active is { } group && !group.Cores.Offers(group.CoresPerLane, waiter);

    /// <summary>An idle lane was denied its cores: others hold them.</summary>
    public void CoresDenied(long now)
    {
        if (_deniedSince == Never) _deniedSince = now;
    }

    /// <summary>A lane has its cores. What it waited for them, smoothed, is expected of the next wait.</summary>
    public void CoresTaken(long now)
    {
        if (_deniedSince == Never) return;
        var denied = now - _deniedSince;
        _usualDenial = _usualDenial == 0 ? denied : ((3 * _usualDenial) + denied) / 4;
        _deniedSince = Never;
    }

    /// <summary>Nobody here wants cores any more.</summary>
    public void CoresUnwanted() => _deniedSince = Never;

    /// <summary>Ticks until others are expected to give back cores; as with <see cref="ExpectedWait"/>, they are expected to be late as long again as they are late.</summary>
    /// <param name="now">Ticks.</param>
    /// <param name="presumed">How long they are taken to hold them before that was seen.</param>
    public long ExpectedDenial(long now, long presumed)
    {
        var usual = _usualDenial > 0 ? _usualDenial : presumed;
        return _deniedSince == Never ? usual : Math.Abs(_deniedSince + usual - now);
    }

    public void AddIdle(LaneSlot lane) => _idle.Add(lane);

    public void RemoveIdle(LaneSlot lane) => _idle.Remove(lane);

    /// <summary>Lanes of any group that work.</summary>
    public int CountWorking()
    {
        var count = 0;
        foreach (var group in _groups) count += group.Working;
        return count;
    }

    /// <summary>Rows that lanes of any group run.</summary>
    public int CountRunningRows()
    {
        var rows = 0;
        foreach (var group in _groups)
        {
            foreach (var lane in group.Lanes) rows += lane.IsWorking ? lane.Batch.Rows : 0;
        }

        return rows;
    }

    /// <summary>Ticks until a lane is expected to be free.</summary>
    public long TimeUntilFree(long now)
    {
        if (Active is null) return 0;
        var earliest = long.MaxValue;
        foreach (var lane in Active.Lanes)
        {
            if (!lane.IsWorking) return 0;
            earliest = Math.Min(earliest, Math.Max(0, lane.Batch.StartedAt + lane.Batch.Predicted - now));
        }

        return earliest == long.MaxValue ? 0 : earliest;
    }

    /// <summary>As <see cref="TimeUntilFree"/>, but a run that is overdue is expected to last as long again as it is late: it may hang, and who could go elsewhere must not wait for it for ever.</summary>
    public long ExpectedWait(long now)
    {
        if (Active is null) return 0;
        var earliest = long.MaxValue;
        foreach (var lane in Active.Lanes)
        {
            if (!lane.IsWorking) return 0;
            earliest = Math.Min(earliest, Math.Abs(lane.Batch.StartedAt + lane.Batch.Predicted - now));
        }

        return earliest == long.MaxValue ? 0 : earliest;
    }

    /// <summary>A lane waits until so many rows of a shape are there, or the time is over.</summary>
    public void BeginWait(LaneSlot lane, ShapeGroup shape, int rows, long until, long now)
    {
        if (!IsWaiting) WaitingSince = now;
        (WaitShape, WaitRows, WaitUntil) = (shape, rows, until);
        if (_waiting != lane) _waiting?.SetWaitEnd(0);
        _waiting = lane;
        lane.SetWaitEnd(until);
    }

    public void EndWait()
    {
        if (WaitShape is null) return;
        WaitShape = null;
        _waiting?.SetWaitEnd(0);
        _waiting = null;
    }
}
