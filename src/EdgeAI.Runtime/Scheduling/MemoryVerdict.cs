namespace EdgeAI.Scheduling;

/// <summary>What a run tells of the memory that it needs.</summary>
internal enum MemoryVerdict
{
    /// <summary>Nothing is wrong with it.</summary>
    Sufficient,

    /// <summary>The run failed and its halves did not: perhaps for want of memory, which runtimes report as a failure of the device.</summary>
    Suspect,

    /// <summary>There was no memory for so many rows.</summary>
    Exhausted,
}
