namespace EdgeAI.Scheduling;

/// <summary>Waiting with a limit.</summary>
internal static class TaskTimeout
{
    /// <summary>Whether the task completes, in whatever way, within the time.</summary>
    public static async Task<bool> CompletesWithinAsync(this Task task, TimeSpan timeout, TimeProvider timeProvider)
    {
        try
        {
            await task.WaitAsync(timeout, timeProvider).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException) when (!task.IsCompleted)
        {
            return false;
        }
        catch when (task.IsCompleted)
        {
            return true;
        }
    }
}
