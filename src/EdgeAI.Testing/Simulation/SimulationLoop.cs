using EdgeAI.Batching;
using EdgeAI.Batching.Policies;
using EdgeAI.Leases;
using EdgeAI.Scheduling;

namespace EdgeAI.Testing;

/// <summary>
/// The event loop of one simulation: the engine's <see cref="Scheduler"/> between sources of traffic and simulated lanes. Does what <see cref="SchedulerDriver"/> and
/// the engine's lanes do, in their order, without threads.
/// </summary>
internal sealed class SimulationLoop : ICoreWaiter
{
    // A client that was refused without being told when to come back must not stop the clock.
    private static readonly long _shortestRetry = TimeSpan.FromMilliseconds(1).Ticks;

    private readonly SimulationOptions _options;
    private readonly Scheduler _scheduler;
    private readonly SchedulerActions _actions = new();
    private readonly EventQueue _events = new();
    private readonly Stack<SimulatedItem> _pool = [];
    private readonly List<TrafficSource> _sources = [];
    private readonly List<PlanState> _plans = [];
    private readonly Dictionary<string, int> _lost = new(StringComparer.Ordinal);
    private readonly LogHistogram _errors = new();
    private readonly long _lastArrival;
    private long _requestsLeft;
    private long _lastSubmission;
    private long _lastOutcome;
    private long _armedFor = WorkItem.NoDeadline;
    private long _timerDue = WorkItem.NoDeadline;
    private long _waitEndDue = WorkItem.NoDeadline;
    private bool _areCoresOffered;

    /// <param name="options">The scenario, checked.</param>
    /// <param name="policy">Decides instead of the one that the options ask for.</param>
    /// <param name="maxRows">The largest batch instead of the useful one.</param>
    public SimulationLoop(SimulationOptions options, IBatchingPolicy? policy = null, int? maxRows = null)
    {
        _options = options;
        var (engine, model) = (options.Engine, options.Model);
        var limits = new SchedulerLimits
        {
            MaxQueueLength = model.MaxQueueLength ?? engine.MaxQueueLength,
            MaxQueueDelay = (model.MaxQueueDelay ?? engine.MaxQueueDelay).Ticks,
            AgingPeriod = engine.AgingPeriod.Ticks,
            MaxBatchWait = model.MaxBatchWait.Ticks,
            RunTimeout = (model.RunTimeout ?? engine.RunTimeout).Ticks,
            AbortTimeout = engine.AbortTimeout.Ticks,
        };
        _scheduler = new Scheduler(limits, policy ?? options.Policy ?? PolicyFor(model.BatchWait), this, options.Routing);
        _requestsLeft = options.Requests ?? long.MaxValue;
        _lastArrival = options.Duration?.Ticks ?? long.MaxValue;
        WarmUp = options.WarmUp.Ticks;
        AddPlans(maxRows);
        AddSources();
    }

    public long Now { get; private set; }

    public long WarmUp { get; }

    public SimulationResult Run()
    {
        StartLanes();
        foreach (var source in _sources)
        {
            if (!source.IsClosedLoop) SendNext(source);
            else for (var client = 0; client < source.Clients; client++) SendAt(source, source.DrawThinkTime());
        }

        RunEvents();
        if (_scheduler.Waiting > 0)
        {
            // No lane is left that could run them.
            _scheduler.Abort(_actions);
            Settle();
            RunEvents();
        }

        return ToResult();
    }

    /// <summary>Tells a caller what became of its request.</summary>
    public void End(SimulatedItem item, SimulatedOutcome outcome, in Refusal refusal = default)
    {
        var source = item.Source;
        if (item.IsEnded) source.Tally.EndedTwice++;
        item.IsEnded = true;
        _lastOutcome = Now;
        source.Tally.Add(item, outcome, refusal, Now, WarmUp, isInWindow: Now >= WarmUp && Now <= _lastArrival && _requestsLeft > 0);
        if (!source.IsClosedLoop) return;
        var pause = source.DrawThinkTime();
        SendAt(source, Now + (outcome == SimulatedOutcome.Refused ? Math.Max(pause, Math.Max(_shortestRetry, refusal.RetryAfter)) : pause));
    }

    public void Recycle(SimulatedItem item)
    {
        item.Lane = null;
        item.Life++;
        _pool.Push(item);
    }

    /// <summary>Gives a request that failed on one device to the others. Returns whether one takes it.</summary>
    public bool TryFailOver(SimulatedItem item, string failedDeviceId)
    {
        if (!_scheduler.HasOtherThan(failedDeviceId, Now)) return false;
        var next = Rent();
        item.MoveTo(next, failedDeviceId);
        if (!_scheduler.Resubmit(next, Now, _actions))
        {
            next.Abandon(null!);
            return true;
        }

        if (next.Patience != WorkItem.NoDeadline) _events.Add(new(next.Patience, SimulationEventKind.Cancellation, next, next.Life));
        return true;
    }

    public void EndRunAt(SimulatedLane lane, long time) => _events.Add(new(time, SimulationEventKind.RunEnd, lane, lane.Run));

    /// <summary>A lane has completed its items: it returns its cores and gets the next batch, as in the engine.</summary>
    public void Finish(SimulatedLane lane)
    {
        lane.ReturnCores();
        var outcome = lane.Outcome;
        lane.Recycle();
        _scheduler.Finish(lane, outcome, Now, _actions);
    }

    void ICoreWaiter.CoresAvailable() => _areCoresOffered = true;

    private static IBatchingPolicy PolicyFor(BatchWait wait) => wait switch
    {
        BatchWait.None => new GreedyPolicy(),
        BatchWait.Fixed => new FixedWaitPolicy(),
        _ => new LearnedWaitPolicy(),
    };

    private void AddPlans(int? maxRows)
    {
        var cores = new Dictionary<string, CoreBudget>(StringComparer.Ordinal);
        foreach (var plan in _options.Plans)
        {
            if (!cores.TryGetValue(plan.DeviceId, out var budget)) cores[plan.DeviceId] = budget = new CoreBudget(plan.DeviceCores);
            _plans.Add(new PlanState(plan, _options.Model, maxRows, budget, _errors, _options.Slice?.Ticks ?? 0, SeedFor(100 + _plans.Count)));
        }
    }

    private void AddSources()
    {
        var layout = new BatchLayout([0], [0]);
        var shapes = new Dictionary<int, ShapeGroup>();
        foreach (var traffic in _options.Traffic)
        {
            if (!shapes.TryGetValue(traffic.ShapeClass, out var shape))
            {
                shapes[traffic.ShapeClass] = shape = new ShapeGroup(layout);
                foreach (var plan in _plans)
                {
                    if (plan.Curves is { } curves) shape.CostsOn(plan.Group).Replace(Scale(curves.Alone, traffic.CostFactor), Scale(curves.Crowded, traffic.CostFactor));
                }
            }

            var deadline = (traffic.Deadline ?? _options.Model.DefaultDeadline)?.Ticks;
            _sources.Add(new TrafficSource(traffic, shape, traffic.AllowBatching && _options.Model.MaxBatch != 1, deadline, SeedFor(_sources.Count)));
        }
    }

    private int SeedFor(int purpose) => unchecked((_options.Seed * 7919) + purpose);

    private static Profiling.LatencyCurve Scale(Profiling.LatencyCurve curve, double factor) => factor == 1
        ? curve
        : Profiling.LatencyCurve.Create(curve.Points.Select(point => point with { MedianTicks = factor * point.MedianTicks, P95Ticks = factor * point.P95Ticks }));

    private void StartLanes()
    {
        foreach (var plan in _plans)
        {
            _scheduler.AddLanes(plan.Group, [.. Enumerable.Range(0, plan.Lanes).Select(_ => new SimulatedLane(this, plan))], Now, _actions);
            Settle();
        }
    }

    private void RunEvents()
    {
        while (_events.TryTake(out var next))
        {
            Now = next.Time;
            Handle(next);
            Settle();
        }
    }

    private void Handle(in SimulationEvent next)
    {
        switch (next.Kind)
        {
            case SimulationEventKind.Arrival:
                Submit((TrafficSource)next.Subject!);
                break;
            case SimulationEventKind.RunEnd when next.Subject is SimulatedLane lane && lane.Run == next.Stamp:
                lane.EndRun(Now);
                break;
            case SimulationEventKind.Cancellation when next.Subject is SimulatedItem item && item.Life == next.Stamp:
                Cancel(item);
                break;
            case SimulationEventKind.Timer when Now == _timerDue:
                _armedFor = _timerDue = WorkItem.NoDeadline;
                _scheduler.Advance(Now, _actions);
                break;
            case SimulationEventKind.WaitEnd when Now >= _waitEndDue:
                _scheduler.Advance(Now, _actions);
                break;
            case SimulationEventKind.Replacement:
                var plan = (PlanState)next.Subject!;
                plan.LanesReplaced++;
                _scheduler.AddLane(new SimulatedLane(this, plan), Now, _actions);
                break;
        }
    }

    /// <summary>Carries decisions out until there are none, and sets the timers.</summary>
    private void Settle()
    {
        Perform();
        while (_areCoresOffered)
        {
            _areCoresOffered = false;
            _scheduler.Advance(Now, _actions);
            Perform();
        }

        SetTimer();
        var waitEnd = _scheduler.NextWaitEnd;
        if (waitEnd == _waitEndDue) return;
        _waitEndDue = waitEnd;
        if (waitEnd != WorkItem.NoDeadline) _events.Add(new(Math.Max(Now, waitEnd), SimulationEventKind.WaitEnd));
    }

    /// <summary>The engine's timer counts whole milliseconds from now, rounded up; one that is too early is left.</summary>
    private void SetTimer()
    {
        var next = _scheduler.NextTimeout;
        if (next >= _armedFor) return;
        _armedFor = next;
        var ahead = Math.Max(0, next - Now);
        _timerDue = Now + ((ahead + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond * TimeSpan.TicksPerMillisecond);
        _events.Add(new(_timerDue, SimulationEventKind.Timer));
    }

    private void Perform()
    {
        // A batch of which nobody waits for an answer finishes at once and adds decisions to the list.
        for (var i = 0; i < _actions.Count; i++)
        {
            var action = _actions[i];
            switch (action.Kind)
            {
                case SchedulerActionKind.Start:
                    ((SimulatedLane)action.Lane!).Begin();
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
                case SchedulerActionKind.Abandon:
                    Abandon((SimulatedLane)action.Lane!);
                    break;
            }
        }

        _actions.Clear();
    }

    private void Abandon(SimulatedLane lane)
    {
        lane.ReturnCores();
        lane.Abandon(Now);
        var deviceId = lane.Group.DeviceId;
        var lost = _lost[deviceId] = _lost.GetValueOrDefault(deviceId) + 1;
        if (lost <= _options.Engine.MaxAbandonedLanes) _events.Add(new(Now, SimulationEventKind.Replacement, lane.Plan));
    }

    private void SendNext(TrafficSource source)
    {
        if (source.DrawNext() is { } time) SendAt(source, time);
    }

    private void SendAt(TrafficSource source, long time)
    {
        if (time > _lastArrival || _requestsLeft == 0) return;
        _events.Add(new(time, SimulationEventKind.Arrival, source));
    }

    private void Submit(TrafficSource source)
    {
        if (_requestsLeft == 0) return;
        _requestsLeft--;
        _lastSubmission = Now;
        var item = Rent();
        item.ArrivedAt = Now;
        source.Fill(item, Now);
        source.Tally.Submitted++;
        item.Patience = source.DrawCancellation() is { } patience ? Now + patience : WorkItem.NoDeadline;
        if (item.Patience != WorkItem.NoDeadline) _events.Add(new(item.Patience, SimulationEventKind.Cancellation, item, item.Life));
        _scheduler.Submit(item, Now, _actions);

        // A refusal is only told when the decisions are carried out.
        item.IsAdmitted = item.State != WorkState.None;
        if (item.IsAdmitted) source.Tally.Admitted++;
        if (!source.IsClosedLoop) SendNext(source);
    }

    private SimulatedItem Rent()
    {
        if (!_pool.TryPop(out var item)) return new SimulatedItem(this);
        (item.IsEnded, item.IsCancelled, item.IsMoved, item.IsAdmitted, item.AvoidDeviceId) = (false, false, false, false, null);
        return item;
    }

    private void Cancel(SimulatedItem item)
    {
        item.IsCancelled = true;
        if (item.Lane is { } lane) lane.CallerLeft(item);
        else _scheduler.Cancel(item, Now, _actions);
    }

    private SimulationResult ToResult()
    {
        var end = _requestsLeft == 0 ? _lastSubmission : _options.Duration?.Ticks ?? _lastOutcome;
        var window = Math.Max(0, end - WarmUp);
        var seconds = TimeSpan.FromTicks(window).TotalSeconds;
        var total = new SimulationTally();
        foreach (var source in _sources) total.Add(source.Tally);
        return new SimulationResult
        {
            Total = total.ToCounts("total", seconds),
            Traffic = [.. _sources.Select(source => source.Tally.ToCounts(source.Traffic.Name, seconds))],
            Plans = [.. _plans.Select(plan => plan.ToResult(_lastOutcome))],
            Duration = TimeSpan.FromTicks(_lastOutcome),
            Window = TimeSpan.FromTicks(window),
            PredictionErrorP95 = _errors.Quantile(0.95) / 1e6,
        };
    }
}
