using EdgeAI.Batching;
using EdgeAI.Batching.Policies;
using EdgeAI.Leases;

namespace EdgeAI.Scheduling;

/// <summary>Drives a scheduler in virtual time: what starts, what is rejected and what is cancelled, in order.</summary>
internal sealed class SchedulerHarness : ICoreWaiter
{
    private readonly Scheduler _scheduler;
    private readonly SchedulerActions _actions = new();
    private readonly Dictionary<string, LaneGroup> _groups = [];
    private readonly ShapeGroup _single = new(layout: null);

    public SchedulerHarness(int maxQueueLength = 100, long agingPeriod = 1000, IBatchingPolicy? policy = null, SchedulerLimits? limits = null, IRoutingPolicy? routing = null) =>
        _scheduler = new Scheduler(limits ?? new SchedulerLimits { MaxQueueLength = maxQueueLength, AgingPeriod = agingPeriod }, policy ?? new GreedyPolicy(), this, routing);

    public Scheduler Scheduler => _scheduler;

    /// <summary>Requests of which any number may share a run.</summary>
    public ShapeGroup Stackable { get; } = new(new BatchLayout([0], [0]));

    public List<FakeItem> Started { get; } = [];

    /// <summary>The names in each run that was started, in order.</summary>
    public List<string> Runs { get; } = [];

    public List<(FakeItem Item, RejectionReason Reason, long RetryAfter)> Rejected { get; } = [];

    public List<FakeItem> Cancelled { get; } = [];

    public List<FakeLane> Interrupted { get; } = [];

    public List<FakeLane> Abandoned { get; } = [];

    public List<FakeLane> Retired { get; } = [];

    public bool IsDrained { get; private set; }

    public int CoreOffers { get; private set; }

    public long Now { get; set; }

    void ICoreWaiter.CoresAvailable() => CoreOffers++;

    public FakeLane AddLane(string deviceId = "cpu:0", bool acceptsUnpinned = true)
    {
        if (_groups.TryGetValue(deviceId, out var group))
        {
            var another = new FakeLane(group);
            _scheduler.AddLane(another, Now, _actions);
            Collect();
            return another;
        }

        _groups[deviceId] = group = new LaneGroup(deviceId, acceptsUnpinned, coresPerLane: 1, new CoreBudget(null));
        return AddLanes(group, 1)[0];
    }

    /// <summary>A lane whose runs take up to so many rows.</summary>
    public FakeLane AddBatchingLane(int maxRows) => AddLanes(new LaneGroup("cpu:0", acceptsUnpinned: true, coresPerLane: 1, new CoreBudget(null), maxRows), 1)[0];

    public FakeLane[] AddLanes(LaneGroup group, int count)
    {
        FakeLane[] lanes = [.. Enumerable.Range(0, count).Select(_ => new FakeLane(group))];
        _scheduler.AddLanes(group, lanes, Now, _actions);
        Collect();
        return lanes;
    }

    public void RemoveLanes(LaneGroup group)
    {
        _scheduler.RemoveLanes(group, Now, _actions);
        Collect();
    }

    public FakeItem Submit(string name, RequestPriority priority = RequestPriority.Normal, long? deadline = null, string? deviceId = null, string? orderKey = null, int rows = 1, ShapeGroup? shape = null)
    {
        var item = new FakeItem(name)
        {
            Level = (int)RequestPriority.High - (int)priority,
            Deadline = deadline ?? WorkItem.NoDeadline,
            DeviceId = deviceId,
            OrderKey = orderKey,
            Shape = shape ?? _single,
            IsStackable = shape is { IsStackable: true },
            Rows = rows,
        };
        Submit(item);
        return item;
    }

    /// <summary>Submits requests that may share runs, named by their number.</summary>
    public void SubmitStackable(int count, int rows = 1)
    {
        for (var i = 0; i < count; i++) Submit($"{i}", rows: rows, shape: Stackable);
    }

    public void Submit(FakeItem item)
    {
        _scheduler.Submit(item, Now, _actions);
        Collect();
    }

    public void Finish(FakeLane lane, long runTicks = 1, bool ranOutOfMemory = false)
    {
        lane.ReturnCores();
        _scheduler.Finish(lane, new BatchOutcome(runTicks, ranOutOfMemory ? MemoryVerdict.Exhausted : MemoryVerdict.Sufficient), Now, _actions);
        Collect();
    }

    /// <summary>The lane's run fails: its items are offered to other devices, and those that none takes are returned.</summary>
    public List<FakeItem> Fail(FakeLane lane, bool isLost = false)
    {
        var left = new List<FakeItem>();
        foreach (var item in lane.Batch.Items.Cast<FakeItem>().ToArray())
        {
            if (item.DeviceId is not null || item.OrderKey is not null || item.AvoidDeviceId is not null || item.IsGivenUp || !_scheduler.Resubmit(item.MoveAwayFrom(lane.Group.DeviceId), Now, _actions)) left.Add(item);
        }

        lane.ReturnCores();
        _scheduler.Finish(lane, new BatchOutcome(0, Fault: isLost ? DeviceFault.Lost : DeviceFault.Failed), Now, _actions);
        Collect();
        return left;
    }

    public void GiveUp(LaneGroup group)
    {
        _scheduler.GiveUp(group, new DeviceFaultException(group.DeviceId, "Given up.", null), Now, _actions);
        Collect();
    }

    public void Observe(string deviceId, DeviceHealth health)
    {
        _scheduler.Observe(deviceId, new DeviceStatus { Health = health }, Now, _actions);
        Collect();
    }

    public void Share(string deviceId)
    {
        _scheduler.Share(deviceId, Now, _actions);
        Collect();
    }

    public void Cancel(FakeItem item)
    {
        _scheduler.Cancel(item, Now, _actions);
        Collect();
    }

    public void Advance(long to)
    {
        Now = to;
        _scheduler.Advance(Now, _actions);
        Collect();
    }

    public void Drain()
    {
        _scheduler.Drain(_actions);
        Collect();
    }

    public void Abort()
    {
        _scheduler.Abort(_actions);
        Collect();
    }

    /// <summary>Finishes the lane's runs one by one until it is idle; the names in the order of their start.</summary>
    public string RunAll(FakeLane lane)
    {
        while (lane.IsWorking) Finish(lane);
        return string.Join(' ', Started);
    }

    private void Collect()
    {
        for (var i = 0; i < _actions.Count; i++)
        {
            var action = _actions[i];
            var item = (FakeItem?)action.Item;
            switch (action.Kind)
            {
                case SchedulerActionKind.Start:
                    Assert.IsTrue(action.Lane!.IsWorking);
                    FakeItem[] batch = [.. action.Lane.Batch.Items.Cast<FakeItem>()];
                    Started.AddRange(batch);
                    Runs.Add(string.Join('+', batch.AsEnumerable()));
                    break;
                case SchedulerActionKind.Reject:
                    item!.Complete();
                    Rejected.Add((item, action.Refusal.Reason, action.Refusal.RetryAfter));
                    break;
                case SchedulerActionKind.Cancel:
                    item!.Complete();
                    Cancelled.Add(item);
                    break;
                case SchedulerActionKind.Interrupt:
                    Interrupted.Add((FakeLane)action.Lane!);
                    break;
                case SchedulerActionKind.Abandon:
                    action.Lane!.ReturnCores();
                    Abandoned.Add((FakeLane)action.Lane);
                    break;
                case SchedulerActionKind.Retire:
                    Retired.Add((FakeLane)action.Lane!);
                    break;
                case SchedulerActionKind.Drained:
                    Assert.IsFalse(IsDrained, "drained twice");
                    IsDrained = true;
                    break;
            }
        }

        _actions.Clear();
    }
}

internal sealed class FakeItem(string name) : WorkItem
{
    public bool IsCompleted { get; private set; }

    /// <summary>Whether its caller has given it up.</summary>
    public bool IsGivenUp { get; set; }

    /// <summary>The one that goes on for it.</summary>
    public FakeItem MoveAwayFrom(string deviceId) => new(name)
    {
        Level = Level,
        EnqueuedAt = EnqueuedAt,
        Deadline = Deadline,
        Sequence = Sequence,
        Shape = Shape,
        Rows = Rows,
        IsStackable = IsStackable,
        AvoidDeviceId = deviceId,
    };

    public override void Reject(in Refusal refusal) => Assert.Fail("The driver completes items, not the scheduler.");

    public override void Cancel() => Assert.Fail("The driver completes items, not the scheduler.");

    public override void Abandon(Exception reason) => Assert.Fail("The driver completes items, not the scheduler.");

    public void Complete()
    {
        Assert.IsFalse(IsCompleted, $"{name} was completed twice");
        IsCompleted = true;
    }

    public override string ToString() => name;
}

internal sealed class FakeLane(LaneGroup group) : LaneSlot(group)
{
    /// <summary>The first item that it runs.</summary>
    public WorkItem? Current => IsWorking ? Batch[0] : null;

    public override void Wake() => Assert.Fail("The driver wakes lanes, not the scheduler.");

    public override void Interrupt(long startedAt) => Assert.Fail("The driver interrupts lanes, not the scheduler.");

    public override void Retire() => Assert.Fail("The driver retires lanes, not the scheduler.");
}
