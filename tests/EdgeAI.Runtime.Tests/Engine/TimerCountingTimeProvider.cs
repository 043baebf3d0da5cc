using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace EdgeAI.Engine;

/// <summary>Virtual time that knows how often something waited so long: a test can tell that a background task has come round, however late the machine let it run. Thread-safe.</summary>
internal sealed class TimerCountingTimeProvider : FakeTimeProvider
{
    private readonly ConcurrentDictionary<TimeSpan, int> _timers = new();

    /// <summary>Timers of this length that were ever started.</summary>
    public int CountTimers(TimeSpan dueTime) => _timers.GetValueOrDefault(dueTime);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _timers.AddOrUpdate(dueTime, 1, (_, count) => count + 1);
        return timer;
    }
}
