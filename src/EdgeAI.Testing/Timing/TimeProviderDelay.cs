namespace EdgeAI.Testing;

/// <summary>Waiting on a <see cref="TimeProvider"/> with its full resolution: <c>Task.Delay</c> cuts to whole milliseconds.</summary>
internal static class TimeProviderDelay
{
    /// <summary>Completes after a delay, on the thread that advances virtual time.</summary>
    /// <param name="timeProvider">The clock.</param>
    /// <param name="delay">More than zero.</param>
    /// <param name="armed">Called once the timer is set: from then on advancing the clock counts.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async ValueTask DelayAsync(this TimeProvider timeProvider, TimeSpan delay, Action armed, CancellationToken cancellationToken)
    {
        var completion = new TaskCompletionSource();
        await using var timer = timeProvider.CreateTimer(static state => ((TaskCompletionSource)state!).TrySetResult(), completion, delay, Timeout.InfiniteTimeSpan).ConfigureAwait(false);
        await using var registration = cancellationToken.UnsafeRegister(static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), completion).ConfigureAwait(false);
        armed();
        await completion.Task.ConfigureAwait(false);
    }
}
