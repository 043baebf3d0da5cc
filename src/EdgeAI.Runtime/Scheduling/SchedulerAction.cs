namespace EdgeAI.Scheduling;

/// <summary>One decision.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Item">The item concerned.</param>
/// <param name="Lane">The lane concerned.</param>
/// <param name="Refusal">Why it is rejected.</param>
/// <param name="StartedAt">When the run concerned was started.</param>
internal readonly record struct SchedulerAction(SchedulerActionKind Kind, WorkItem? Item = null, LaneSlot? Lane = null, Refusal Refusal = default, long StartedAt = 0);
