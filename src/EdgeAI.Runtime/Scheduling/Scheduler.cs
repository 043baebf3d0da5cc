using System.Runtime.InteropServices;

namespace EdgeAI.Scheduling;

/// <summary>
/// Decides which request of one model runs when and on which lane: a state machine from (event, now) to actions.
/// It has no threads, no clock and no lock: a driver calls it, one event at a time, and carries out the actions.
/// </summary>
internal sealed class Scheduler(SchedulerLimits limits)
{
    private readonly WorkQueue _shared = new(limits.AgingPeriod);
    private readonly Dictionary<string, WorkQueue> _pinned = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OrderChain> _chains = new(StringComparer.Ordinal);
    private readonly DeadlineHeap _expiry = new(item => ref item.ExpiryIndex);
    private readonly HashSet<WorkItem> _waitingItems = [];
    private readonly List<LaneSlot> _idle = [];
    private readonly ServiceTime _serviceTime = new();
    private long _sequence;
    private int _lanes;
    private int _running;
    private bool _draining;
    private bool _drained;

    /// <summary>Items that wait, held ones included.</summary>
    public int Waiting => _waitingItems.Count;

    /// <summary>Items that lanes have.</summary>
    public int Running => _running;

    public bool IsDraining => _draining;

    /// <summary>When <see cref="Advance"/> has something to do; <see cref="WorkItem.NoDeadline"/> where never.</summary>
    public long NextExpiry => _expiry.Count > 0 ? _expiry.First.Deadline : WorkItem.NoDeadline;

    /// <summary>The expected duration of the next run in ticks; <see langword="null"/> before any.</summary>
    public long? PredictedRun => _serviceTime.Estimate;

    /// <summary>A request arrives. It is started, queued or rejected.</summary>
    public void Submit(WorkItem item, long now, SchedulerActions actions)
    {
        if (_draining)
        {
            actions.Reject(item, RejectionReason.ShuttingDown);
            return;
        }

        if (item.Deadline <= now)
        {
            actions.Reject(item, RejectionReason.DeadlineExceeded);
            return;
        }

        if (_waitingItems.Count >= limits.MaxQueueLength && !StartsAtOnce(item))
        {
            actions.Reject(item, RejectionReason.QueueFull, RetryAfter());
            return;
        }

        item.EnqueuedAt = now;
        item.Sequence = _sequence++;
        _waitingItems.Add(item);
        if (item.Deadline != WorkItem.NoDeadline) _expiry.Add(item);
        if (item.OrderKey is { } key && !_chains.TryAdd(key, new OrderChain()))
        {
            _chains[key].Add(item);
            item.State = WorkState.Held;
            return;
        }

        MakeReady(item, now, actions);
    }

    /// <summary>The caller gives an item up. One that is running is left to its lane; one that has finished is left alone.</summary>
    public void Cancel(WorkItem item, long now, SchedulerActions actions)
    {
        if (item.State is not (WorkState.Ready or WorkState.Held)) return;
        Withdraw(item, now, actions);
        actions.Cancel(item);
        CheckDrained(actions);
    }

    /// <summary>A lane joins, idle.</summary>
    public void AddLane(LaneSlot lane, long now, SchedulerActions actions)
    {
        _lanes++;
        Employ(lane, now, actions);
    }

    /// <summary>A lane has finished its item, after <paramref name="runTicks"/>; it gets the next one or becomes idle.</summary>
    public void Finish(LaneSlot lane, long runTicks, long now, SchedulerActions actions)
    {
        var item = lane.Current!;
        lane.Current = null;
        _running--;
        if (runTicks > 0) _serviceTime.Observe(runTicks);
        item.State = WorkState.None;
        ReleaseNext(item, now, actions);
        Employ(lane, now, actions);
        CheckDrained(actions);
    }

    /// <summary>Time has passed: items whose deadline is over are rejected, also while every lane is busy.</summary>
    public void Advance(long now, SchedulerActions actions)
    {
        while (_expiry.Count > 0 && _expiry.First.Deadline <= now)
        {
            var item = _expiry.First;
            Withdraw(item, now, actions);
            actions.Reject(item, RejectionReason.DeadlineExceeded);
        }

        CheckDrained(actions);
    }

    /// <summary>Nothing more is admitted; what waits is still run.</summary>
    public void Drain(SchedulerActions actions)
    {
        _draining = true;
        CheckDrained(actions);
    }

    /// <summary>Nothing more is admitted, and what waits is rejected.</summary>
    public void Abort(SchedulerActions actions)
    {
        _draining = true;
        foreach (var item in _waitingItems)
        {
            Unqueue(item);
            item.State = WorkState.None;
            actions.Reject(item, RejectionReason.ShuttingDown);
        }

        _waitingItems.Clear();
        CheckDrained(actions);
    }

    private void MakeReady(WorkItem item, long now, SchedulerActions actions)
    {
        item.State = WorkState.Ready;
        QueueOf(item).Add(item);
        if (FindIdle(item) is not { } lane) return;
        _idle.Remove(lane);
        Employ(lane, now, actions);
    }

    private void Employ(LaneSlot lane, long now, SchedulerActions actions)
    {
        var item = Next(lane);
        while (item is not null && item.Deadline <= now)
        {
            Withdraw(item, now, actions);
            actions.Reject(item, RejectionReason.DeadlineExceeded);
            item = Next(lane);
        }

        if (item is null)
        {
            _idle.Add(lane);
            return;
        }

        Unqueue(item);
        _waitingItems.Remove(item);
        item.State = WorkState.Running;
        lane.Current = item;
        _running++;
        actions.Start(lane, item);
    }

    private WorkItem? Next(LaneSlot lane)
    {
        long sharedRank = 0, pinnedRank = 0;
        var shared = lane.AcceptsUnpinned ? _shared.Peek(out sharedRank) : null;
        var pinned = _pinned.TryGetValue(lane.DeviceId, out var queue) ? queue.Peek(out pinnedRank) : null;
        if (shared is null || pinned is null) return shared ?? pinned;
        return pinnedRank <= sharedRank ? pinned : shared;
    }

    private bool StartsAtOnce(WorkItem item) => FindIdle(item) is not null && (item.OrderKey is null || !_chains.ContainsKey(item.OrderKey));

    /// <summary>The idle lane that worked last, so that its caches are warm.</summary>
    private LaneSlot? FindIdle(WorkItem item)
    {
        for (var i = _idle.Count - 1; i >= 0; i--)
        {
            if (item.DeviceId is null ? _idle[i].AcceptsUnpinned : _idle[i].DeviceId == item.DeviceId) return _idle[i];
        }

        return null;
    }

    private WorkQueue QueueOf(WorkItem item)
    {
        if (item.DeviceId is not { } deviceId) return _shared;
        ref var queue = ref CollectionsMarshal.GetValueRefOrAddDefault(_pinned, deviceId, out _);
        return queue ??= new WorkQueue(limits.AgingPeriod);
    }

    private void Withdraw(WorkItem item, long now, SchedulerActions actions)
    {
        var wasHeld = item.State == WorkState.Held;
        Unqueue(item);
        _waitingItems.Remove(item);
        item.State = WorkState.None;
        if (!wasHeld) ReleaseNext(item, now, actions);
    }

    private void Unqueue(WorkItem item)
    {
        if (item.State == WorkState.Ready) QueueOf(item).Remove(item);
        else if (item.State == WorkState.Held) _chains[item.OrderKey!].Remove(item);
        _expiry.Remove(item);
    }

    /// <summary>Lets the next item with the same order key run.</summary>
    private void ReleaseNext(WorkItem item, long now, SchedulerActions actions)
    {
        if (item.OrderKey is not { } key) return;
        if (_chains[key].TakeFirst() is { } next) MakeReady(next, now, actions);
        else _chains.Remove(key);
    }

    private long RetryAfter() => _serviceTime.Estimate is { } run ? run * (_waitingItems.Count + 1) / Math.Max(1, _lanes) : 0;

    private void CheckDrained(SchedulerActions actions)
    {
        if (!_draining || _drained || _running > 0 || _waitingItems.Count > 0) return;
        _drained = true;
        actions.Drained();
    }
}
