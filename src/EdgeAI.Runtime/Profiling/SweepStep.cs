namespace EdgeAI.Profiling;

/// <summary>One thing to measure: batches of one size, run back to back.</summary>
/// <param name="Plan">The plan to measure.</param>
/// <param name="Rows">The batch size.</param>
/// <param name="BusyLanes">How many of the plan's lanes run such batches at once: one or all.</param>
/// <param name="Runs">How many runs each busy lane makes that are timed.</param>
internal readonly record struct SweepStep(LanePlan Plan, int Rows, int BusyLanes, int Runs)
{
    /// <summary>How many runs each busy lane makes before those, untimed.</summary>
    public int WarmUps { get; init; }
}
