using EdgeAI.Batching;
using EdgeAI.Leases;
using EdgeAI.Routing.Policies;

namespace EdgeAI.Scheduling;

/// <summary>
/// Decides which requests of one model run when, together with whom, and on which lane: a state machine from (event, now) to actions.
/// It has no threads, no clock and no lock: a driver calls it, one event at a time, and carries out the actions.
/// </summary>
/// <param name="limits">Its bounds.</param>
/// <param name="policy">Decides about the size of batches and about waiting for more.</param>
/// <param name="waiter">Called when cores that were taken become free; it has to have <see cref="Advance"/> called soon.</param>
/// <param name="routing">Decides among devices; <see langword="null"/>: the one that is predicted to answer first.</param>
internal sealed class Scheduler(SchedulerLimits limits, IBatchingPolicy policy, ICoreWaiter waiter, IRoutingPolicy? routing = null)
{
    // Two callers in turn make a load of 2.
    private const double OneCaller = 1.5;

    // Who takes what among several devices is not foreseen exactly, and what was admitted before one of them slows down or fails has to be run by the others: a wait for several is reckoned twice as long as predicted.
    // Of what was admitted in simulation, at 150 % of the load that the devices bear, 11.6 % came too late without a margin, 5.3 % with one of 0.2, 2.3 % with 0.5, none with 1; in-time answers were 99.9, 99.8 and 99.7 % of
    // the oracle's with 0.2, 0.5 and 1: while more waits than can be run, a shorter queue costs nothing.
    private const double SharingError = 1;

    private readonly WorkQueue _shared = new(limits.AgingPeriod);

    // What has failed on one device waits for the others by itself: it must not hold up what the first device may still run.
    private readonly WorkQueue _moved = new(limits.AgingPeriod);
    private readonly List<LaneSet> _sets = [];
    private readonly Dictionary<string, OrderChain> _chains = new(StringComparer.Ordinal);
    private readonly WorkHeap _expiry = new(item => ref item.ExpiryIndex, WorkHeap.ByDeadline);
    private readonly HashSet<WorkItem> _waitingItems = [];
    private readonly LaneBatchingState _state = new(limits.MaxBatchWait);
    private readonly Router _router = new(routing ?? new EarliestFinishPolicy(), waiter);
    private long _sequence;
    private long _watchAt = WorkItem.NoDeadline;
    private int _running;
    private bool _draining;
    private bool _isAborted;
    private bool _drained;

    /// <summary>Items that wait, held ones included.</summary>
    public int Waiting => _waitingItems.Count;

    /// <summary>Items that lanes have.</summary>
    public int Running => _running;

    public bool IsDraining => _draining;

    /// <summary>The lanes by device.</summary>
    public IReadOnlyList<LaneSet> Sets => _sets;

    /// <summary>When <see cref="Advance"/> has something to do beside waits for more requests; <see cref="WorkItem.NoDeadline"/> where never.</summary>
    public long NextTimeout => Math.Min(_watchAt, _expiry.Count > 0 ? _expiry.First.Deadline : WorkItem.NoDeadline);

    /// <summary>When the first wait for more requests is over; <see cref="WorkItem.NoDeadline"/> where no lane waits.</summary>
    public long NextWaitEnd
    {
        get
        {
            var first = WorkItem.NoDeadline;
            foreach (var set in _sets) first = set.IsWaiting ? Math.Min(first, set.WaitUntil) : first;
            return first;
        }
    }

    /// <summary>A request arrives. It is started, queued or rejected.</summary>
    public void Submit(WorkItem item, long now, SchedulerActions actions)
    {
        if (_draining)
        {
            actions.Reject(item, new Refusal(RejectionReason.ShuttingDown));
            return;
        }

        if (item.Deadline <= now)
        {
            actions.Reject(item, new Refusal(RejectionReason.DeadlineExceeded));
            return;
        }

        var set = SetFor(item, now);
        if ((set is null ? FindFault() : set.Fault) is { } fault)
        {
            actions.Reject(item, new Refusal(default, Fault: fault));
            return;
        }

        ObserveLoad(item, set, now);
        if (FindRefusal(item, set, now) is { } refusal)
        {
            actions.Reject(item, refusal);
            return;
        }

        item.EnqueuedAt = now;
        item.Sequence = _sequence++;
        item.Share = set is null ? 0 : ShareOf(item, item.DeviceId is null ? Reference(item, set) : set);
        Arrive(item, set, now);
        Enter(item);
        if (item.OrderKey is { } key && !_chains.TryAdd(key, new OrderChain()))
        {
            _chains[key].Add(item);
            item.State = WorkState.Held;
            return;
        }

        MakeReady(item, now, actions);
    }

    /// <summary>An item that has failed on one device is offered to the others, in its old place. Returns whether there is another.</summary>
    public bool Resubmit(WorkItem item, long now, SchedulerActions actions)
    {
        if (_isAborted || item.Deadline <= now || !HasOtherThan(item.AvoidDeviceId, now)) return false;
        item.Share = SetFor(item, now) is { } set ? ShareOf(item, Reference(item, set)) : 0;
        Enter(item);
        MakeReady(item, now, actions);
        return true;
    }

    /// <summary>Whether what names no device can be trusted to another one than this.</summary>
    public bool HasOtherThan(string? deviceId, long now)
    {
        foreach (var set in _sets)
        {
            if (set.ServesUnpinned && set.DeviceId != deviceId && set.Permits(now)) return true;
        }

        return false;
    }

    /// <summary>The caller gives an item up. One that is running is left to its lane; one that has finished is left alone.</summary>
    public void Cancel(WorkItem item, long now, SchedulerActions actions)
    {
        if (item.State is not (WorkState.Ready or WorkState.Held)) return;
        Withdraw(item, now, actions);
        actions.Cancel(item);
        foreach (var set in _sets)
        {
            if (set.IsWaiting && MayRunOn(item, set)) Employ(set, now, actions);
        }

        // Those behind it may be better off on a device that it would not have had.
        if (item.DeviceId is null) EmployShared(now, actions);
        CheckDrained(actions);
    }

    /// <summary>Lanes join, idle.</summary>
    public void AddLanes(LaneGroup group, IReadOnlyList<LaneSlot> lanes, long now, SchedulerActions actions)
    {
        var set = SetOf(group.DeviceId);
        set.Add(group, now);
        foreach (var lane in lanes) Join(set, lane);
        Employ(set, now, actions);
    }

    /// <summary>A device that ran only what names it takes what names none as well.</summary>
    public void Share(string deviceId, long now, SchedulerActions actions)
    {
        foreach (var group in SetOf(deviceId).Groups) group.Share();
        EmployShared(now, actions);
    }

    /// <summary>A lane joins a group that is at work, in place of one that was lost.</summary>
    public void AddLane(LaneSlot lane, long now, SchedulerActions actions)
    {
        if (lane.Group.IsRetired)
        {
            actions.Retire(lane);
            return;
        }

        var set = SetOf(lane.Group.DeviceId);
        Join(set, lane);
        Employ(set, now, actions);
    }

    /// <summary>The lanes of a group finish what they run and get nothing more.</summary>
    public void RemoveLanes(LaneGroup group, long now, SchedulerActions actions)
    {
        if (group.IsRetired) return;
        group.IsRetired = true;
        var set = SetOf(group.DeviceId);
        set.Retire(group, now);
        foreach (var lane in group.Lanes)
        {
            if (!lane.IsWorking) actions.Retire(lane);
        }

        Employ(set, now, actions);

        // What waited for these lanes has to go elsewhere now.
        EmployShared(now, actions);
    }

    /// <summary>A group's lost lanes are not replaced. Where it has none left and no other group serves the device, what waits for it fails, and what comes.</summary>
    public void GiveUp(LaneGroup group, DeviceFaultException fault, long now, SchedulerActions actions)
    {
        if (group.Lanes.Count > 0) return;
        var set = SetOf(group.DeviceId);
        RemoveLanes(group, now, actions);
        if (set.Active is not null) return;
        set.Fault = fault;
        var isAlone = !_sets.Exists(other => other.AcceptsUnpinned);
        foreach (var item in _waitingItems.Where(item => item.DeviceId == group.DeviceId || (item.DeviceId is null && group.AcceptsUnpinned && isAlone)).ToArray())
        {
            Withdraw(item, now, actions);
            actions.Reject(item, new Refusal(default, Fault: fault));
        }

        CheckDrained(actions);
    }

    /// <summary>A lane has finished its batch and completed its items; it gets the next one or becomes idle. Its cores have been returned before.</summary>
    /// <returns><see langword="false"/> where the lane was given up meanwhile.</returns>
    public bool Finish(LaneSlot lane, in BatchOutcome outcome, long now, SchedulerActions actions)
    {
        if (lane.IsLost) return false;
        var group = lane.Group;
        var batch = lane.Batch;
        group.Working--;
        Learn(group, batch, outcome, now);
        var set = SetOf(group.DeviceId);
        if (outcome.Fault != DeviceFault.None) set.Breaker.Failed(outcome.Fault == DeviceFault.Lost, now);
        else if (outcome.RunTicks > 0) set.Breaker.Succeeded();
        set.Finished(group, batch, outcome.RunTicks > 0, now);
        set.Arrivals.RunEnded(batch.Rows, now);
        Release(batch, now, actions);
        batch.Clear();
        lane.SetWorking(false);
        lane.SetHasOneCaller(set.Load.Load < OneCaller);
        if (group.IsRetired)
        {
            set.Forget(group);
            actions.Retire(lane);
        }
        else
        {
            set.AddIdle(lane);
        }

        Fill(set, now, actions, reconsider: true);
        EmployShared(now, actions);
        CheckDrained(actions);
        return true;
    }

    /// <summary>Time has passed: deadlines may be over, also while every lane is busy, a wait for more requests may, or a run may hang.</summary>
    public void Advance(long now, SchedulerActions actions)
    {
        while (_expiry.Count > 0 && _expiry.First.Deadline <= now)
        {
            var item = _expiry.First;
            Withdraw(item, now, actions);
            actions.Reject(item, new Refusal(RejectionReason.DeadlineExceeded));
        }

        if (_watchAt <= now) WatchRuns(now, actions);
        for (var i = 0; i < _sets.Count; i++) Employ(_sets[i], now, actions);
        if (_shared.Count + _moved.Count > 0 && HasChoice()) EmployShared(now, actions);
        CheckDrained(actions);
    }

    /// <summary>Devices have come or gone.</summary>
    public void SetPresent(IReadOnlySet<string> present, long now, SchedulerActions actions)
    {
        foreach (var set in _sets) set.IsPresent = present.Contains(set.DeviceId);
        Advance(now, actions);
    }

    /// <summary>What a run of one row is expected to take on a device until one was seen.</summary>
    public void Presume(string deviceId, long ticks) => SetOf(deviceId).PresumedTicks = ticks;

    /// <summary>A device has told of itself.</summary>
    public void Observe(string deviceId, in DeviceStatus status, long now, SchedulerActions actions)
    {
        var set = SetOf(deviceId);
        var before = set.Status.Health;
        set.Status = status;
        if (status.Health != before) EmployShared(now, actions);
    }

    /// <summary>From now on a device that has failed takes requests again only after it was proved to be well.</summary>
    public void RequireProof(string deviceId) => SetOf(deviceId).Breaker.NeedsProof = true;

    /// <summary>Whether a device has rested after its faults and is to be proved.</summary>
    public bool IsProofDue(string deviceId, long now) => SetOf(deviceId).Breaker.IsProofDue(now);

    /// <summary>A device has been tried with a request whose answer is known.</summary>
    public void EndProof(string deviceId, bool isWell, long now, SchedulerActions actions)
    {
        var breaker = SetOf(deviceId).Breaker;
        if (!isWell) breaker.Failed(isLost: true, now);
        else breaker.Proved();
        if (isWell) EmployShared(now, actions);
    }

    /// <summary>The name of the policy that decides among devices.</summary>
    public string RoutingPolicy => _router.Policy;

    /// <summary>The costs of a device's lanes were measured anew.</summary>
    public void Remeasured(string deviceId) => SetOf(deviceId).ForgetContest();

    /// <summary>Nothing more is admitted; what waits is still run.</summary>
    public void Drain(SchedulerActions actions)
    {
        _draining = true;
        CheckDrained(actions);
    }

    /// <summary>Nothing more is admitted, and what waits is rejected.</summary>
    public void Abort(SchedulerActions actions)
    {
        _draining = _isAborted = true;
        foreach (var item in _waitingItems)
        {
            Unqueue(item);
            item.State = WorkState.None;
            actions.Reject(item, new Refusal(RejectionReason.ShuttingDown));
        }

        _waitingItems.Clear();
        foreach (var set in _sets) set.EndWait();
        CheckDrained(actions);
    }

    /// <summary>When an item like this would run and be done.</summary>
    /// <param name="item">The item; not queued yet.</param>
    /// <param name="set">The lanes that it would run on.</param>
    /// <param name="now">Ticks.</param>
    /// <param name="isExact">Whether to look at the deadlines of all that wait.</param>
    public Forecast Predict(WorkItem item, LaneSet set, long now, bool isExact = false) => Predict(item, set, now, isExact, PaceFor(item, now));

    private Forecast Predict(WorkItem item, LaneSet set, long now, bool isExact, double pace)
    {
        if (set.Active is not { } group) return default;
        var costs = item.Shape.CostsOn(group);
        var queue = QueueOf(item);
        var before = set.Pinned.WorkBefore(item, isExact);
        if (set.AcceptsUnpinned && _shared.Count + _moved.Count > 0)
        {
            // What waits for any device is counted in time of the same one, whichever each was admitted for.
            var shared = _shared.WorkBefore(item, isExact) + _moved.WorkBefore(item, isExact);
            before += Reference(item, set) is var reference && reference == set ? shared : (long)(shared * ((double)Math.Max(1, ShareOf(item, set)) / Math.Max(1, ShareOf(item, reference))));
        }

        var rows = item.IsStackable ? Math.Max(item.Rows, Math.Min(costs.MaxRows(group.MaxRows), queue.StackableRows(item.Shape) + item.Rows)) : item.Rows;
        var isCrowded = set.CountWorking() > 0;
        var sharedWork = costs.Predict(rows, isCrowded) * (rows - item.Rows) / rows;
        var untilFree = set.TimeUntilFree(now);

        // Nobody is refused for a wait that was never seen.
        if (untilFree == 0 && set.LacksCores(waiter)) untilFree = set.ExpectedDenial(now, presumed: 0);

        // Those with the same key run first, one by one.
        if (item.OrderKey is { } key && _chains.TryGetValue(key, out var chain)) untilFree += (chain.Count + 1) * costs.Predict(item.Rows, isCrowded);
        var run = costs.PredictUpper(costs.SeenUpTo(rows), isCrowded);
        var forecast = Admission.Predict(untilFree, before, CapacityFor(item, set, group, costs, pace, now), run, sharedWork);
        if (!item.HasDeadline || pace == 0) return forecast;

        // Devices that are too slow for the most urgent item take what came last: what is before this one is left to the others, now and when it is the most urgent itself.
        var headLeft = _shared.Peek(out _) is { HasDeadline: true } head ? head.Deadline - now : long.MaxValue;
        while (PaceFor(item, now, Math.Min(headLeft, item.Deadline - now - forecast.Wait)) is > 0 and var left && left < pace)
        {
            pace = left;
            forecast = Admission.Predict(untilFree, before, CapacityFor(item, set, group, costs, pace, now), run, sharedWork);
        }

        var margin = (long)(SharingError * forecast.Wait);
        return new Forecast(forecast.Wait + margin, forecast.Finish + margin);
    }

    /// <summary>The rows beyond which this item is better cut up; <see langword="null"/> where that is not known.</summary>
    public int? MaxRowsFor(WorkItem item, long now) =>
        SetFor(item, now)?.Active is { } group && item.Shape.CostsOn(group) is { IsKnown: true } costs ? costs.MaxRows(group.MaxRows) : null;

    private Refusal? FindRefusal(WorkItem item, LaneSet? set, long now)
    {
        var startsAtOnce = set is not null && set.FindIdle() is not null && QueueOf(item).Count == 0 && (item.OrderKey is null || !_chains.ContainsKey(item.OrderKey));
        var forecast = set is null ? default : Predict(item, set, now);
        if (_waitingItems.Count >= limits.MaxQueueLength && !startsAtOnce) return new Refusal(RejectionReason.QueueFull, forecast.Wait, forecast.Finish);
        if (set?.Active is not { } group) return null;

        // A device that has shown nothing for a while may have changed: somebody has to try.
        var timeLeft = item.HasDeadline && (!startsAtOnce || item.Shape.CostsOn(group).IsTrusted(now)) ? item.Deadline - now : long.MaxValue;
        var refusal = Admission.Check(forecast, timeLeft, limits.MaxQueueDelay);
        return refusal is { Reason: RejectionReason.DeadlineInfeasible } ? Admission.Check(Predict(item, set, now, isExact: true), timeLeft, limits.MaxQueueDelay) : refusal;
    }

    /// <summary>The time that the item takes of a lane when it runs in batches of the useful size.</summary>
    private static long ShareOf(WorkItem item, LaneSet set)
    {
        if (set.Active is not { } group) return 0;
        var costs = item.Shape.CostsOn(group);
        var rows = FullRows(item, costs, group);
        return costs.Predict(rows, isCrowded: true) * item.Rows / rows;
    }

    /// <summary>Rows of a run of useful size with this item.</summary>
    private static int FullRows(WorkItem item, RunCosts costs, LaneGroup group) => item.IsStackable ? Math.Max(item.Rows, costs.MaxRows(group.MaxRows)) : item.Rows;

    private void MakeReady(WorkItem item, long now, SchedulerActions actions)
    {
        item.State = WorkState.Ready;
        QueueOf(item).Add(item);
        LaneSet? only = null;
        var count = 0;
        foreach (var set in _sets)
        {
            if (!MayRunOn(item, set)) continue;
            only = set;
            count++;

            // What is no part of the batch that a lane waits for is not kept waiting with it.
            if (set.IsWaiting && (set.WaitShape != item.Shape || !item.IsStackable)) set.EndWait();
        }

        if (count == 1) Employ(only!, now, actions);
        else if (count > 1) EmployShared(now, actions);
    }

    /// <summary>Gives what names no device to the lanes that the router chooses, as long as those are free.</summary>
    private void EmployShared(long now, SchedulerActions actions)
    {
        if (_sets.Count < 2) return;
        bool isTaken;
        do isTaken = EmployFirst(_moved, now, actions) | EmployFirst(_shared, now, actions);
        while (isTaken || HasCoresBack(now));
    }

    /// <summary>What waits for a busy device may be better off where others hold the cores now, once they are free: this has to be told then. Returns whether they just became free.</summary>
    private bool HasCoresBack(long now)
    {
        if (_shared.Count + _moved.Count == 0) return false;
        foreach (var set in _sets)
        {
            if (!set.ServesUnpinned || set.FindIdle() is not { } lane || !set.LacksCores(waiter)) continue;
            set.CoresDenied(now);
            if (!lane.Group.Cores.TryTake(lane.Group.CoresPerLane, waiter)) continue;
            lane.Group.Cores.Return(lane.Group.CoresPerLane);
            return true;
        }

        return false;
    }

    /// <summary>Asks the router once and does as it says: the next answer may be another.</summary>
    private bool EmployFirst(WorkQueue queue, long now, SchedulerActions actions)
    {
        var before = queue.Count;
        if (queue.Peek(out _) is not { } first || _router.Choose(first, _sets, queue, now) is not { } set) return false;
        if (set.FindIdle() is not null) Fill(set, now, actions, routed: first);
        else if (queue == _shared) EmployHelpers(first.Level, now, actions);
        return queue.Count < before;
    }

    /// <summary>Devices that are too slow for the most urgent item take what came last, where that has the time.</summary>
    private void EmployHelpers(int level, long now, SchedulerActions actions)
    {
        for (var i = 0; _router.HelperAt(i) is { } helper; i++)
        {
            while (helper.FindIdle() is { } lane && StartYoungest(level, helper, lane, now, actions))
            {
            }
        }
    }

    /// <summary>Runs the items that came last, as many as share a run and are in time at the end of it. Under equal terms they have the most time left.</summary>
    private bool StartYoungest(int level, LaneSet set, LaneSlot lane, long now, SchedulerActions actions)
    {
        if (_shared.YoungestOf(level) is not { HasDeadline: true } youngest || youngest.Shape.CostsOn(lane.Group) is not { IsKnown: true } costs) return false;
        var isCrowded = set.CountWorking() > 0;
        var rows = FullRows(youngest, costs, lane.Group);
        if (youngest.Deadline < EndOf(rows)) rows = youngest.Rows;
        if (youngest.Deadline < EndOf(rows) || !lane.Group.Cores.TryTake(lane.Group.CoresPerLane, waiter)) return false;
        set.EndWait();
        set.RemoveIdle(lane);
        lane.Batch.Clear();
        var end = EndOf(rows);
        for (var item = youngest; item is not null && lane.Batch.Rows + item.Rows <= rows && item.Deadline >= end && item.Shape == youngest.Shape && item.IsStackable == youngest.IsStackable;)
        {
            var older = item.Older;
            Take(item, lane.Batch);
            item = older;
        }

        Begin(set, lane, now, actions);
        lane.Batch.Consider(_router.Seen);
        return true;

        long EndOf(int rows) => now + costs.PredictUpper(costs.SeenUpTo(rows), isCrowded);
    }

    /// <summary>Gives work to the idle lanes of a device, as far as there is any; what is better off elsewhere is offered there.</summary>
    private void Employ(LaneSet set, long now, SchedulerActions actions)
    {
        if (!Fill(set, now, actions)) EmployShared(now, actions);
    }

    /// <param name="set">Lanes of one device.</param>
    /// <param name="now">Ticks.</param>
    /// <param name="actions">What is to be done.</param>
    /// <param name="reconsider">Whether a wait for more requests is decided anew.</param>
    /// <param name="routed">An item for which the router has chosen these lanes just now.</param>
    /// <returns><see langword="false"/> where something was left because it is better off elsewhere.</returns>
    private bool Fill(LaneSet set, long now, SchedulerActions actions, bool reconsider = false, WorkItem? routed = null)
    {
        set.ChooseGroup(now);
        var mustRun = false;
        var takesShared = routed is null || QueueOf(routed) == _shared;
        var takesMoved = routed is null || QueueOf(routed) == _moved;
        var isAllTaken = true;
        while (set.FindIdle() is { } lane && Next(set, takesShared, takesMoved) is { } first)
        {
            var isRouted = first.DeviceId is null && HasChoice();
            if (isRouted && first != routed && first.Deadline > now && _router.Choose(first, _sets, QueueOf(first), now) != set)
            {
                if (QueueOf(first) == _shared && _router.IsHelper(set) && StartYoungest(first.Level, set, lane, now, actions)) continue;

                // It is better off elsewhere; who names this device is not.
                if (QueueOf(first) == _moved) takesMoved = false;
                else takesShared = false;
                isAllTaken = false;
                continue;
            }

            if (first.Deadline <= now || CannotMeetDeadline(first, lane, set, now))
            {
                Withdraw(first, now, actions);
                actions.Reject(first, new Refusal(first.Deadline <= now ? RejectionReason.DeadlineExceeded : RejectionReason.DeadlineInfeasible));
                continue;
            }

            if (set.IsWaiting && !reconsider)
            {
                if (now < set.WaitUntil && QueueOf(first).StackableRows(set.WaitShape!) < set.WaitRows) break;
                mustRun = true;
            }

            var decision = Decide(set, lane, first, mustRun, now);
            if (decision.Wait > TimeSpan.Zero)
            {
                set.BeginWait(lane, first.Shape, decision.Rows, now + decision.Wait.Ticks, now);
                actions.Wait(lane);
                break;
            }

            set.EndWait();

            // Whoever gave cores up to others waits in line; it is called when they are free.
            if (!lane.Group.Cores.TryTake(lane.Group.CoresPerLane, waiter))
            {
                set.CoresDenied(now);
                return isAllTaken;
            }

            Start(set, lane, first, decision.Rows, now, actions);
            if (!isRouted) continue;
            lane.Batch.Consider(_router.Considered);
            _router.Started(set);
        }

        // Who was waited with has left, or is better off elsewhere: there is nobody to wait for, and a lane that times an ended wait would look at the clock again and again.
        if (set.IsWaiting && Next(set, takesShared, takesMoved) is null) set.EndWait();

        // Nothing to use them for now: do not keep reserved cores from others.
        if (_shared.Count + _moved.Count + set.Pinned.Count == 0 || !set.LacksCores(waiter)) set.CoresUnwanted();
        if (set.Active is { } active) active.Cores.Forfeit(waiter);
        return isAllTaken;
    }

    private BatchDecision Decide(LaneSet set, LaneSlot lane, WorkItem first, bool mustRun, long now)
    {
        if (QueueOf(first).MatesOf(first) is not { } mates) return BatchDecision.Run(first.Rows);
        var costs = first.Shape.CostsOn(lane.Group);
        var maxRows = costs.MaxRows(lane.Group.MaxRows);
        if (maxRows <= first.Rows) return BatchDecision.Run(first.Rows);
        // What cannot be part of the batch is not kept waiting with it.
        mustRun |= QueueOf(first).Count > mates.Count;
        var decision = policy.Decide(_state.Show(set, costs, first, mates, maxRows, mustRun, now));
        var wait = mustRun ? 0 : Math.Min(decision.Wait.Ticks, limits.MaxBatchWait);
        return wait > 0 ? BatchDecision.WaitFor(decision.Rows, TimeSpan.FromTicks(wait)) : BatchDecision.Run(Math.Clamp(decision.Rows, 1, maxRows));
    }

    private void Start(LaneSet set, LaneSlot lane, WorkItem first, int rows, long now, SchedulerActions actions)
    {
        var batch = lane.Batch;
        batch.Clear();
        var mates = QueueOf(first).MatesOf(first);
        set.RemoveIdle(lane);
        Take(first, batch);
        while (mates is { Count: > 0 } && batch.Rows + mates.First.Rows <= rows && mates.First.Shape == first.Shape && mates.First.AvoidDeviceId == first.AvoidDeviceId)
        {
            var mate = mates.First;
            if (mate.Deadline <= now)
            {
                Withdraw(mate, now, actions);
                actions.Reject(mate, new Refusal(RejectionReason.DeadlineExceeded));
                continue;
            }

            Take(mate, batch);
        }

        Begin(set, lane, now, actions);
    }

    private void Begin(LaneSet set, LaneSlot lane, long now, SchedulerActions actions)
    {
        var batch = lane.Batch;
        set.CoresTaken(now);
        batch.IsCrowded = set.CountWorking() > 0;
        batch.Predicted = batch[0].Shape.CostsOn(lane.Group).Predict(batch.Rows, batch.IsCrowded);
        batch.StartedAt = now;
        lane.IsInterrupted = false;
        lane.Group.Working++;
        lane.HoldCores();
        lane.SetWorking(true);
        if (_watchAt == WorkItem.NoDeadline) _watchAt = now + limits.RunTimeout;
        actions.Start(lane);
    }

    private void Take(WorkItem item, Batch batch)
    {
        Unqueue(item);
        _waitingItems.Remove(item);
        item.State = WorkState.Running;
        _running++;
        batch.Add(item);
    }

    /// <summary>Asks runs that take too long to stop, and gives up lanes that do not.</summary>
    private void WatchRuns(long now, SchedulerActions actions)
    {
        _watchAt = WorkItem.NoDeadline;
        foreach (var set in _sets)
        {
            foreach (var group in set.Groups)
            {
                for (var i = group.Lanes.Count - 1; i >= 0; i--) Watch(group.Lanes[i], now, actions);
            }
        }
    }

    private void Watch(LaneSlot lane, long now, SchedulerActions actions)
    {
        if (!lane.IsWorking) return;
        var due = lane.Batch.StartedAt + limits.RunTimeout + (lane.IsInterrupted ? limits.AbortTimeout : 0);
        if (due > now)
        {
            _watchAt = Math.Min(_watchAt, due);
        }
        else if (!lane.IsInterrupted)
        {
            lane.IsInterrupted = true;
            actions.Interrupt(lane, lane.Batch.StartedAt);
            _watchAt = Math.Min(_watchAt, due + limits.AbortTimeout);
        }
        else
        {
            lane.IsLost = true;
            SetOf(lane.Group.DeviceId).Breaker.Failed(isLost: false, now);
            lane.Group.Lanes.Remove(lane);
            lane.Group.Working--;
            Release(lane.Batch, now, actions);
            if (lane.Group.IsRetired) SetOf(lane.Group.DeviceId).Forget(lane.Group);
            actions.Abandon(lane);
        }
    }

    private static void Learn(LaneGroup group, Batch batch, in BatchOutcome outcome, long now)
    {
        var costs = batch[0].Shape.CostsOn(group);
        if (outcome.Memory != MemoryVerdict.Sufficient) costs.ReduceLimit(batch.Rows, outcome.Memory == MemoryVerdict.Exhausted);
        if (outcome.RunTicks > 0) costs.Observe(batch.Rows, batch.IsCrowded, outcome.RunTicks, now);
    }

    /// <summary>The items of a batch are done: those behind them by order key may run.</summary>
    private void Release(Batch batch, long now, SchedulerActions actions)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            var item = batch[i];
            _running--;
            item.State = WorkState.None;
            ReleaseNext(item, now, actions);
        }
    }

    private bool CannotMeetDeadline(WorkItem item, LaneSlot lane, LaneSet set, long now)
    {
        if (!item.HasDeadline) return false;
        var costs = item.Shape.CostsOn(lane.Group);
        if (!costs.IsTrusted(now)) return false;
        var isCrowded = set.CountWorking() > 0;
        var duration = costs.Predict(costs.SeenUpTo(item.Rows), isCrowded);
        if (QueueOf(item).MatesOf(item) is { } mates && costs.MaxRows(lane.Group.MaxRows) is var full && mates.Rows > full)
        {
            // Who has waited for a full run while more than that wait is late because of them: the next run will not be made smaller for it.
            var fullRun = costs.PredictUpper(costs.SeenUpTo(full), isCrowded);
            if (now - item.EnqueuedAt > fullRun) duration = Math.Max(duration, fullRun);
        }

        return now + duration > item.Deadline;
    }

    private WorkItem? Next(LaneSet set, bool takesShared, bool takesMoved)
    {
        var next = set.Pinned.Peek(out var rank);
        if (takesMoved && set.AcceptsUnpinned && _moved.Peek(out var movedRank) is { } moved && (next is null || movedRank < rank)) (next, rank) = (moved, movedRank);
        if (takesShared && set.AcceptsUnpinned && _shared.Peek(out var sharedRank) is { } shared && (next is null || sharedRank < rank)) next = shared;
        return next;
    }

    private static void Join(LaneSet set, LaneSlot lane)
    {
        lane.Group.Lanes.Add(lane);
        set.AddIdle(lane);
    }

    private static bool MayRunOn(WorkItem item, LaneSet set) => item.DeviceId is { } deviceId ? set.DeviceId == deviceId : set.AcceptsUnpinned;

    /// <summary>Whether what names no device can run on several.</summary>
    private bool HasChoice()
    {
        var count = 0;
        foreach (var set in _sets) count += set.ServesUnpinned ? 1 : 0;
        return count > 1;
    }

    /// <summary>The lanes that an item has to reckon with: those of its device, or else where it is predicted to be done first.</summary>
    private LaneSet? SetFor(WorkItem item, long now)
    {
        if (item.DeviceId is { } deviceId) return SetOf(deviceId);
        LaneSet? best = null;
        var pace = PaceFor(item, now);
        var isPermitted = false;
        var earliest = long.MaxValue;
        foreach (var set in _sets)
        {
            if (!set.AcceptsUnpinned) continue;
            if (best is null)
            {
                (best, isPermitted) = (set, set.Permits(now));
                continue;
            }

            if (earliest == long.MaxValue) earliest = Predict(item, best, now, isExact: false, pace).Finish;
            var (permitted, finish) = (set.Permits(now), Predict(item, set, now, isExact: false, pace).Finish);
            if (permitted == isPermitted ? finish >= earliest : !permitted) continue;
            (best, isPermitted, earliest) = (set, permitted, finish);
        }

        return best;
    }

    /// <summary>Lanes that work off what names no device, in lanes of this group: those of slower devices count in part.</summary>
    private static double CapacityFor(WorkItem item, LaneSet set, LaneGroup group, RunCosts costs, double pace, long now)
    {
        var lanes = Math.Max(1, group.Lanes.Count);
        return pace > 0 && costs.IsKnown ? lanes + (Math.Max(1, ShareOf(item, set)) * Math.Max(0, pace - PaceOn(item, set, now))) : lanes;
    }

    /// <summary>Items like this that all devices which may take it run together, for each tick; 0 where there is no choice.</summary>
    /// <param name="item">The item.</param>
    /// <param name="now">Ticks.</param>
    /// <param name="timeLeft">Devices whose runs take longer do not count.</param>
    private double PaceFor(WorkItem item, long now, long timeLeft = long.MaxValue)
    {
        if (item.DeviceId is not null || !HasChoice()) return 0;
        var pace = 0.0;
        foreach (var set in _sets) pace += timeLeft == long.MaxValue || FullRunOn(item, set) <= timeLeft ? PaceOn(item, set, now) : 0;
        return pace;
    }

    /// <summary>What a run of useful size takes there at most, almost certainly.</summary>
    private static long FullRunOn(WorkItem item, LaneSet set)
    {
        if (set.Active is not { } group) return 0;
        var costs = item.Shape.CostsOn(group);
        return costs.PredictUpper(costs.SeenUpTo(FullRows(item, costs, group)), isCrowded: true);
    }

    private static double PaceOn(WorkItem item, LaneSet set, long now) => set.ServesUnpinned && set.Permits(now) && item.Shape.CostsOn(set.Active!).IsKnown
        ? set.Active!.Lanes.Count / (double)Math.Max(1, ShareOf(item, set))
        : 0;

    /// <summary>The device in whose time the work of what names no device is counted: the first of which anything is known.</summary>
    private LaneSet Reference(WorkItem item, LaneSet otherwise)
    {
        foreach (var set in _sets)
        {
            if (set.ServesUnpinned && item.Shape.CostsOn(set.Active!).IsKnown) return set;
        }

        return otherwise;
    }

    private void ObserveLoad(WorkItem item, LaneSet? set, long now)
    {
        if (item.DeviceId is not null || !HasChoice())
        {
            set?.Load.Observe(_waitingItems.Count + _running + 1, now);
            return;
        }

        foreach (var other in _sets)
        {
            // What waits is shared out; what runs is where it is.
            if (other.AcceptsUnpinned) other.Load.Observe((_waitingItems.Count / _sets.Count) + other.CountRunningRows() + 1, now);
        }
    }

    private void Arrive(WorkItem item, LaneSet? set, long now)
    {
        if (item.DeviceId is not null)
        {
            set?.Arrivals.Arrived(item.Rows, now);
            return;
        }

        foreach (var other in _sets)
        {
            if (other.AcceptsUnpinned) other.Arrivals.Arrived(item.Rows, now);
        }
    }

    private void Enter(WorkItem item)
    {
        _waitingItems.Add(item);
        if (item.HasDeadline) _expiry.Add(item);
    }

    /// <summary>Why nobody takes what names no device.</summary>
    private DeviceFaultException? FindFault()
    {
        foreach (var set in _sets)
        {
            if (set.Fault is { } fault) return fault;
        }

        return null;
    }

    private LaneSet SetOf(string deviceId)
    {
        foreach (var set in _sets)
        {
            if (set.DeviceId == deviceId) return set;
        }

        var added = new LaneSet(deviceId, new WorkQueue(limits.AgingPeriod));
        _sets.Add(added);
        return added;
    }

    private WorkQueue QueueOf(WorkItem item) => item.DeviceId is { } deviceId ? SetOf(deviceId).Pinned : item.AvoidDeviceId is null ? _shared : _moved;

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

    private void CheckDrained(SchedulerActions actions)
    {
        if (!_draining || _drained || _running > 0 || _waitingItems.Count > 0) return;
        _drained = true;
        actions.Drained();
    }
}
