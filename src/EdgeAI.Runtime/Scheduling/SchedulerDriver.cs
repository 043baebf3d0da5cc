namespace EdgeAI.Scheduling;

/// <summary>
/// Runs one model's <see cref="Scheduler"/> in production: feeds it events under a lock and carries its decisions out
/// after the lock is left. Thread-safe.
/// </summary>
internal sealed class SchedulerDriver : IDisposable
{
    [ThreadStatic]
    private static SchedulerActions? _actions;

    private readonly Lock _gate = new();
    private readonly Scheduler _scheduler;
    private readonly Clock _clock;
    private readonly ITimer _expiryTimer;
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _expiryArmedFor = WorkItem.NoDeadline;

    public SchedulerDriver(SchedulerLimits limits, Clock clock)
    {
        _scheduler = new Scheduler(limits);
        _clock = clock;
        _expiryTimer = clock.TimeProvider.CreateTimer(static state => ((SchedulerDriver)state!).Advance(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public int Waiting => _scheduler.Waiting;

    public int Running => _scheduler.Running;

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
                item.Predicted = _scheduler.PredictedRun;
                _scheduler.Submit(item, _clock.Now, actions);
                ArmExpiry();
            }
        }

        Perform(actions);
        return true;
    }

    public void Cancel(WorkItem item)
    {
        var actions = Actions();
        lock (_gate) _scheduler.Cancel(item, _clock.Now, actions);
        Perform(actions);
    }

    public void AddLane(LaneSlot lane)
    {
        var actions = Actions();
        lock (_gate) _scheduler.AddLane(lane, _clock.Now, actions);
        Perform(actions);
    }

    /// <summary>Called by a lane that has completed its item; afterwards <see cref="LaneSlot.Current"/> is its next one, if any.</summary>
    public void Finish(LaneSlot lane, long runTicks)
    {
        var actions = Actions();
        lock (_gate)
        {
            _scheduler.Finish(lane, runTicks, _clock.Now, actions);
            ArmExpiry();
        }

        Perform(actions, finishing: lane);
    }

    public void Drain()
    {
        var actions = Actions();
        lock (_gate) _scheduler.Drain(actions);
        Perform(actions);
    }

    public void Abort()
    {
        var actions = Actions();
        lock (_gate) _scheduler.Abort(actions);
        Perform(actions);
    }

    public void Dispose() => _expiryTimer.Dispose();

    private static SchedulerActions Actions() => _actions ??= new();

    private void Advance()
    {
        var actions = Actions();
        lock (_gate)
        {
            _expiryArmedFor = WorkItem.NoDeadline;
            _scheduler.Advance(_clock.Now, actions);
            ArmExpiry();
        }

        Perform(actions);
    }

    /// <summary>Sets the timer for the earliest deadline. One that is too early is left: it costs a look, not a timer change for each request.</summary>
    private void ArmExpiry()
    {
        var next = _scheduler.NextExpiry;
        if (next >= _expiryArmedFor) return;
        _expiryArmedFor = next;

        // Timers count whole milliseconds: round up, or it would fire too early again and again.
        var due = TimeSpan.FromMilliseconds(Math.Ceiling(Math.Max(0, next - _clock.Now) / (double)TimeSpan.TicksPerMillisecond));
        _expiryTimer.Change(due, Timeout.InfiniteTimeSpan);
    }

    private void Perform(SchedulerActions actions, LaneSlot? finishing = null)
    {
        // A listener of traces or metrics runs on this thread and may submit a request of its own: it needs another list.
        _actions = null;
        for (var i = 0; i < actions.Count; i++)
        {
            var action = actions[i];
            switch (action.Kind)
            {
                case SchedulerActionKind.Start:
                    if (action.Lane != finishing) action.Lane!.Wake();
                    break;
                case SchedulerActionKind.Reject:
                    action.Item!.Reject(action.Reason, action.RetryAfter);
                    break;
                case SchedulerActionKind.Cancel:
                    action.Item!.Cancel();
                    break;
                case SchedulerActionKind.Drained:
                    _drained.TrySetResult();
                    break;
            }
        }

        actions.Clear();
        _actions = actions;
    }
}
