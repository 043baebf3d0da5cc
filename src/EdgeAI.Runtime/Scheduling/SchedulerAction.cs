namespace EdgeAI.Scheduling;

/// <summary>One decision.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Item">The item concerned.</param>
/// <param name="Lane">The lane that starts it.</param>
/// <param name="Reason">Why it is rejected.</param>
/// <param name="RetryAfter">Ticks until another try makes sense; 0 where unknown.</param>
internal readonly record struct SchedulerAction(
    SchedulerActionKind Kind,
    WorkItem? Item = null,
    LaneSlot? Lane = null,
    RejectionReason Reason = default,
    long RetryAfter = 0);
