using EdgeAI.Scheduling;

namespace EdgeAI.Tuning;

/// <summary>Whether the engine has anything to do: measuring goes on only while it has not. Thread-safe.</summary>
internal sealed class IdleWatch
{
    private readonly Lock _gate = new();
    private volatile SchedulerDriver[] _drivers = [];

    /// <summary>One model is measured at a time, or they would measure each other.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    /// <summary>Whether no request of any model waits or runs. Costs nanoseconds: looked at between two runs.</summary>
    public bool IsIdle
    {
        get
        {
            foreach (var driver in _drivers)
            {
                if (driver.Running > 0 || driver.Waiting > 0) return false;
            }

            return true;
        }
    }

    public void Add(SchedulerDriver driver)
    {
        lock (_gate) _drivers = [.. _drivers, driver];
    }

    public void Remove(SchedulerDriver driver)
    {
        lock (_gate) _drivers = [.. _drivers.Where(other => other != driver)];
    }

    /// <summary>Waits until nothing has been asked for a moment.</summary>
    public async Task WaitForIdleAsync(TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        const int CalmLooks = 3;
        for (var calm = 0; calm < CalmLooks; calm = IsIdle ? calm + 1 : 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), timeProvider, cancellationToken).ConfigureAwait(false);
        }
    }
}
