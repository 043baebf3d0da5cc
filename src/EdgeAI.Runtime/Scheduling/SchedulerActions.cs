namespace EdgeAI.Scheduling;

/// <summary>What the scheduler has decided and its driver has to do, in order. Reused: cleared by the driver.</summary>
internal sealed class SchedulerActions
{
    private readonly List<SchedulerAction> _actions = [];

    public int Count => _actions.Count;

    public SchedulerAction this[int index] => _actions[index];

    public void Start(LaneSlot lane, WorkItem item) => _actions.Add(new(SchedulerActionKind.Start, item, lane));

    public void Reject(WorkItem item, RejectionReason reason, long retryAfter = 0) => _actions.Add(new(SchedulerActionKind.Reject, item, Reason: reason, RetryAfter: retryAfter));

    public void Cancel(WorkItem item) => _actions.Add(new(SchedulerActionKind.Cancel, item));

    public void Drained() => _actions.Add(new(SchedulerActionKind.Drained));

    public void Clear() => _actions.Clear();
}
