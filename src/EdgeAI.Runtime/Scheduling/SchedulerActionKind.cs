namespace EdgeAI.Scheduling;

internal enum SchedulerActionKind
{
    /// <summary>Hand the item to the lane.</summary>
    Start,

    /// <summary>Complete the item as rejected.</summary>
    Reject,

    /// <summary>Complete the item as cancelled by its caller.</summary>
    Cancel,

    /// <summary>Nothing waits or runs, and nothing will be admitted.</summary>
    Drained,
}
