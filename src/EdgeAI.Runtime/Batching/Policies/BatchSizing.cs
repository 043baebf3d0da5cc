namespace EdgeAI.Batching.Policies;

/// <summary>How many rows to run when it runs now. Shared by the policies; pure.</summary>
internal static class BatchSizing
{
    /// <summary>
    /// As many as wait, up to the largest useful batch, no more than the tightest deadline permits, in the order of parts that finishes all soonest, and
    /// shared out among the lanes where that is quicker.
    /// </summary>
    public static int Choose(BatchingState state)
    {
        var most = Math.Min(state.QueuedRows, state.MaxRows);
        var rows = Math.Max(1, state.BestFirst(most));
        if (state.Lanes > 1 && rows > 1) rows = ShareOut(state, rows);
        if (state.TimeToDeadline is { } left && !IsOvertaken(state, rows))
        {
            // The most urgent request runs in any case: whether it can still be in time was asked before.
            while (rows > state.FirstRows && state.PredictUpper(rows) > left) rows = Math.Max(state.FirstRows, rows / 2);
        }

        return rows;
    }

    /// <summary>
    /// Whether requests are late because there are too many, not because they are urgent. Smaller runs for those in front would then make all behind them late too: at
    /// twice the load that a device can bear, a fifth to a third of its answers were lost so.
    /// </summary>
    private static bool IsOvertaken(BatchingState state, int rows) => state.QueuedRows > rows && state.Waited > state.Predict(rows);

    /// <summary>
    /// A lane's even share of what waits and runs, where that is quicker: a lane that takes all there is leaves the next ones with nothing, and they soon run small batches in turn.
    /// </summary>
    private static int ShareOut(BatchingState state, int rows)
    {
        var share = Math.Max(1, state.BestFirst(Math.Min(rows, (state.RowsInFlight + state.Lanes - 1) / state.Lanes)));
        return state.Predict(share) < state.Predict(rows) || state.Predict(rows) == TimeSpan.Zero ? share : rows;
    }
}
