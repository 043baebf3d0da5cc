namespace EdgeAI.Scheduling;

/// <summary>Drives a scheduler in virtual time: what starts, what is rejected and what is cancelled, in order.</summary>
internal sealed class SchedulerHarness(int maxQueueLength = 100, long agingPeriod = 1000)
{
    private readonly Scheduler _scheduler = new(new SchedulerLimits(maxQueueLength, agingPeriod));
    private readonly SchedulerActions _actions = new();

    public Scheduler Scheduler => _scheduler;

    public List<FakeItem> Started { get; } = [];

    public List<(FakeItem Item, RejectionReason Reason, long RetryAfter)> Rejected { get; } = [];

    public List<FakeItem> Cancelled { get; } = [];

    public bool IsDrained { get; private set; }

    public long Now { get; set; }

    public FakeLane AddLane(string deviceId = "cpu:0", bool acceptsUnpinned = true)
    {
        var lane = new FakeLane(deviceId, acceptsUnpinned);
        _scheduler.AddLane(lane, Now, _actions);
        Collect();
        return lane;
    }

    public FakeItem Submit(string name, RequestPriority priority = RequestPriority.Normal, long? deadline = null, string? deviceId = null, string? orderKey = null)
    {
        var item = new FakeItem(name)
        {
            Level = (int)RequestPriority.High - (int)priority,
            Deadline = deadline ?? WorkItem.NoDeadline,
            DeviceId = deviceId,
            OrderKey = orderKey,
        };
        Submit(item);
        return item;
    }

    public void Submit(FakeItem item)
    {
        _scheduler.Submit(item, Now, _actions);
        Collect();
    }

    public void Finish(FakeLane lane, long runTicks = 1)
    {
        _scheduler.Finish(lane, runTicks, Now, _actions);
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

    /// <summary>Finishes the lane's items one by one until it is idle; the names in the order of their start.</summary>
    public string RunAll(FakeLane lane)
    {
        while (lane.Current is not null) Finish(lane);
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
                    Assert.AreSame(item, action.Lane!.Current);
                    Started.Add(item!);
                    break;
                case SchedulerActionKind.Reject:
                    item!.Complete();
                    Rejected.Add((item, action.Reason, action.RetryAfter));
                    break;
                case SchedulerActionKind.Cancel:
                    item!.Complete();
                    Cancelled.Add(item);
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

    public override void Reject(RejectionReason reason, long retryAfter) => Assert.Fail("The driver completes items, not the scheduler.");

    public override void Cancel() => Assert.Fail("The driver completes items, not the scheduler.");

    public void Complete()
    {
        Assert.IsFalse(IsCompleted, $"{name} was completed twice");
        IsCompleted = true;
    }

    public override string ToString() => name;
}

internal sealed class FakeLane(string deviceId, bool acceptsUnpinned) : LaneSlot(deviceId, acceptsUnpinned)
{
    public new WorkItem? Current => base.Current;

    public override void Wake() => Assert.Fail("The driver wakes lanes, not the scheduler.");
}
