using EdgeAI.Leases;

namespace EdgeAI.Scheduling;

/// <summary>
/// Runs one model's <see cref="Scheduler"/> in production: feeds it events under a lock and carries its decisions out
/// after the lock is left. Thread-safe.
/// </summary>
internal sealed class SchedulerDriver : ICoreWaiter, IDisposable
{
    [ThreadStatic]
    private static SchedulerActions? _actions;

    private readonly Lock _gate = new();
    private readonly Scheduler _scheduler;
    private readonly Clock _clock;
    private readonly ITimer _timer;
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _armedFor = WorkItem.NoDeadline;
    private int _coresOffered;
    private volatile LaneSlot[] _lanes = [];

    public SchedulerDriver(SchedulerLimits limits, IBatchingPolicy policy, Clock clock, IRoutingPolicy? routing = null)
    {
        _scheduler = new Scheduler(limits, policy, this, routing);
        _clock = clock;
        _timer = clock.TimeProvider.CreateTimer(static state => ((SchedulerDriver)state!).Advance(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A lane was given up as hung. Raised without the lock.</summary>
    public Action<LaneSlot>? LaneLost { get; set; }

    public int Waiting => _scheduler.Waiting;

    public int Running => _scheduler.Running;

    /// <summary>Whether cores were offered and somebody has to look.</summary>
    public bool AreCoresOffered => Volatile.Read(ref _coresOffered) != 0;

    /// <summary>Completes when nothing waits or runs after <see cref="Drain"/> or <see cref="Abort"/>.</summary>
    public Task Drained => _drained.Task;

    /// <summary>Submits a request. Returns false, leaving the request untouched, when nothing is admitted any more.</summary>
    public bool TrySubmit(WorkItem item)
    {
        var actions = Actions();
        lock (_gate)
        {
            if (_scheduler.IsDraining) return false;

            // The registration was made before: a cancellation that found the item unsubmitted is seen here.
            if (item.CancellationToken.IsCancellationRequested)
            {
                actions.Cancel(item);
            }
            else
            {
                _scheduler.Submit(item, _clock.Now, actions);
                Settle();
            }
        }

        Perform(actions);
        return true;
    }

    /// <summary>Offers an item that has failed on one device to the others. Returns false, leaving the item untouched, when there is none.</summary>
    public bool TryFailOver(WorkItem item)
    {
        var actions = Actions();
        bool isTaken;
        lock (_gate)
        {
            if (item.CancellationToken.IsCancellationRequested)
            {
                actions.Cancel(item);
                isTaken = true;
            }
            else
            {
                isTaken = _scheduler.Resubmit(item, _clock.Now, actions);
                Settle();
            }
        }

        Perform(actions);
        return isTaken;
    }

    /// <summary>Whether what names no device could run on another one than this.</summary>
    public bool HasOtherThan(string deviceId)
    {
        lock (_gate) return _scheduler.HasOtherThan(deviceId, _clock.Now);
    }

    /// <summary>Devices have come or gone.</summary>
    public void SetPresent(IReadOnlySet<string> present) => Do(present, static (scheduler, present, now, actions) => scheduler.SetPresent(present, now, actions));

    /// <summary>What a run of one row is expected to take on a device until one was seen, in ticks.</summary>
    public void Presume(string deviceId, long ticks)
    {
        lock (_gate) _scheduler.Presume(deviceId, ticks);
    }

    /// <summary>A device has told of itself.</summary>
    public void Observe(string deviceId, in DeviceStatus status) =>
        Do((deviceId, status), static (scheduler, told, now, actions) => scheduler.Observe(told.deviceId, told.status, now, actions));

    /// <summary>From now on a device that has failed takes requests again only after it was proved to be well.</summary>
    public void RequireProof(string deviceId)
    {
        lock (_gate) _scheduler.RequireProof(deviceId);
    }

    /// <summary>Whether a device has rested after its faults and is to be proved.</summary>
    public bool IsProofDue(string deviceId)
    {
        lock (_gate) return _scheduler.IsProofDue(deviceId, _clock.Now);
    }

    /// <summary>A device has been tried with a request whose answer is known.</summary>
    public void EndProof(string deviceId, bool isWell) => Do((deviceId, isWell), static (scheduler, proof, now, actions) => scheduler.EndProof(proof.deviceId, proof.isWell, now, actions));

    /// <summary>Has a device that runs only what names it take what names none as well.</summary>
    public void Share(string deviceId) => Do(deviceId, static (scheduler, deviceId, now, actions) => scheduler.Share(deviceId, now, actions));

    /// <summary>The name of the policy that decides among devices.</summary>
    public string RoutingPolicy => _scheduler.RoutingPolicy;

    public void Cancel(WorkItem item) => Do(item, static (scheduler, item, now, actions) => scheduler.Cancel(item, now, actions));

    /// <summary>Adds lanes that are ready to be woken.</summary>
    public void AddLanes(LaneGroup group, IReadOnlyList<LaneSlot> lanes)
    {
        lock (_gate) _lanes = [.. _lanes, .. lanes];
        Do((group, lanes), static (scheduler, added, now, actions) => scheduler.AddLanes(added.group, added.lanes, now, actions));
    }

    /// <summary>Adds a lane in place of one that was lost.</summary>
    public void AddLane(LaneSlot lane)
    {
        lock (_gate) _lanes = [.. _lanes, lane];
        Do(lane, static (scheduler, lane, now, actions) => scheduler.AddLane(lane, now, actions));
    }

    public void RemoveLanes(LaneGroup group) => Do(group, static (scheduler, group, now, actions) => scheduler.RemoveLanes(group, now, actions));

    /// <summary>A group's lost lanes are not replaced.</summary>
    public void GiveUp(LaneGroup group, DeviceFaultException fault) =>
        Do((group, fault), static (scheduler, lost, now, actions) => scheduler.GiveUp(lost.group, lost.fault, now, actions));

    /// <summary>The group that takes work on a device; <see langword="null"/> where there is none.</summary>
    public LaneGroup? FindActive(string deviceId)
    {
        lock (_gate)
        {
            foreach (var set in _scheduler.Sets)
            {
                if (set.DeviceId == deviceId) return set.Active;
            }

            return null;
        }
    }

    /// <summary>The rows beyond which this item is better cut up; <see langword="null"/> where that is not known.</summary>
    public int? MaxRowsFor(WorkItem item)
    {
        lock (_gate) return _scheduler.MaxRowsFor(item, _clock.Now);
    }

    /// <summary>Has the scheduler take measured costs of a device's lanes into account, under its lock.</summary>
    public void Update(string deviceId, Action change)
    {
        lock (_gate)
        {
            change();
            _scheduler.Remeasured(deviceId);
        }
    }

    /// <summary>Looks at what the scheduler's lock protects.</summary>
    public T Read<T>(Func<T> read)
    {
        lock (_gate) return read();
    }

    /// <summary>
    /// Called by a lane that has completed its items; afterwards <see cref="LaneSlot.Batch"/> has its next ones where <see cref="LaneSlot.IsWorking"/>.
    /// Returns false where the lane was given up meanwhile.
    /// </summary>
    public bool Finish(LaneSlot lane, in BatchOutcome outcome)
    {
        var actions = Actions();
        bool isKept;

        lane.ReturnCores();
        lock (_gate)
        {
            isKept = _scheduler.Finish(lane, outcome, _clock.Now, actions);
            Settle();
        }

        Perform(actions, finishing: lane);
        return isKept;
    }

    /// <summary>Has the scheduler look at the clock. Called by timers, and by lanes that time a wait.</summary>
    public void Advance()
    {
        var actions = Actions();
        lock (_gate)
        {
            Volatile.Write(ref _coresOffered, 0);
            _scheduler.Advance(_clock.Now, actions);
            if (_armedFor <= _clock.Now) _armedFor = WorkItem.NoDeadline;
            Settle();
        }

        Perform(actions);
    }

    public void Drain() => Do(0, static (scheduler, _, _, actions) => scheduler.Drain(actions));

    public void Abort() => Do(0, static (scheduler, _, _, actions) => scheduler.Abort(actions));

    /// <summary>Called by whoever returns cores, perhaps under another scheduler's lock: a lane of this model looks.</summary>
    void ICoreWaiter.CoresAvailable()
    {
        Volatile.Write(ref _coresOffered, 1);
        foreach (var lane in _lanes)
        {
            if (!lane.IsWorking) lane.Wake();
        }
    }

    public void Dispose() => _timer.Dispose();

    private static SchedulerActions Actions() => _actions ??= new();

    private void Do<T>(T subject, Action<Scheduler, T, long, SchedulerActions> change)
    {
        var actions = Actions();
        lock (_gate)
        {
            change(_scheduler, subject, _clock.Now, actions);
            Settle();
        }

        Perform(actions);
    }

    /// <summary>
    /// After each event: sets the timer for the next deadline. One that is too early is left: it costs a look, not a timer change for each request.
    /// </summary>
    private void Settle()
    {
        var next = _scheduler.NextTimeout;
        if (next >= _armedFor) return;
        _armedFor = next;

        // Timers count whole milliseconds: round up, or it would fire too early again and again.
        var due = TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(0, next - _clock.Now) / (double)TimeSpan.TicksPerMillisecond));
        _timer.Change(due, Timeout.InfiniteTimeSpan);
    }

    private void Perform(SchedulerActions actions, LaneSlot? finishing = null)
    {
        // A listener of traces or metrics runs on this thread and may submit a request of its own: it needs another list.
        _actions = null;
        for (var i = 0; i < actions.Count; i++) Perform(actions[i], finishing);
        actions.Clear();
        _actions = actions;
    }

    private void Perform(in SchedulerAction action, LaneSlot? finishing)
    {
        switch (action.Kind)
        {
            case SchedulerActionKind.Start or SchedulerActionKind.Wait:
                if (action.Lane != finishing) action.Lane!.Wake();
                break;
            case SchedulerActionKind.Reject:
                action.Item!.Reject(action.Refusal);
                break;
            case SchedulerActionKind.Cancel:
                action.Item!.Cancel();
                break;
            case SchedulerActionKind.Interrupt:
                action.Lane!.Interrupt(action.StartedAt);
                break;
            case SchedulerActionKind.Retire:
                Remove(action.Lane!);
                action.Lane!.Retire();
                break;
            case SchedulerActionKind.Abandon:
                Remove(action.Lane!);
                action.Lane!.ReturnCores();
                LaneLost?.Invoke(action.Lane);
                break;
            case SchedulerActionKind.Drained:
                _drained.TrySetResult();
                break;
        }
    }

    private void Remove(LaneSlot lane)
    {
        lock (_gate) _lanes = [.. _lanes.Where(other => other != lane)];
    }
}
