namespace EdgeAI.Scheduling;

/// <summary>What the scheduler has decided and its driver has to do, in order. Reused: cleared by the driver.</summary>
internal sealed class SchedulerActions
{
    private readonly List<SchedulerAction> _actions = [];

    public int Count => _actions.Count;

    public SchedulerAction this[int index] => _actions[index];

    public void Start(LaneSlot lane) => _actions.Add(new(SchedulerActionKind.Start, Lane: lane));

    public void Wait(LaneSlot lane) => _actions.Add(new(SchedulerActionKind.Wait, Lane: lane));

    public void Reject(WorkItem item, in Refusal refusal) => _actions.Add(new(SchedulerActionKind.Reject, item, Refusal: refusal));

    public void Cancel(WorkItem item) => _actions.Add(new(SchedulerActionKind.Cancel, item));

    public void Interrupt(LaneSlot lane, long startedAt) => _actions.Add(new(SchedulerActionKind.Interrupt, Lane: lane, StartedAt: startedAt));

    public void Abandon(LaneSlot lane) => _actions.Add(new(SchedulerActionKind.Abandon, Lane: lane));

    public void Retire(LaneSlot lane) => _actions.Add(new(SchedulerActionKind.Retire, Lane: lane));

    public void Drained() => _actions.Add(new(SchedulerActionKind.Drained));

    public void Clear() => _actions.Clear();
}
