namespace EdgeAI.Scheduling;

internal enum SchedulerActionKind
{
    /// <summary>The lane has work.</summary>
    Start,

    /// <summary>The lane has to look at the clock: a wait for more requests has begun.</summary>
    Wait,

    /// <summary>Complete the item as refused.</summary>
    Reject,

    /// <summary>Complete the item as cancelled by its caller.</summary>
    Cancel,

    /// <summary>The lane's run has taken too long: ask the device to stop.</summary>
    Interrupt,

    /// <summary>The lane does not come back: complete the callers of its batch as failed, and replace it.</summary>
    Abandon,

    /// <summary>The lane gets no more work.</summary>
    Retire,

    /// <summary>Nothing waits or runs, and nothing will be admitted.</summary>
    Drained,
}
