namespace EdgeAI.Generation;

/// <summary>
/// The worker's cores: leased while there is something to do, so that idle models cost the others nothing, and offered again after a while, so that batched models and
/// generators that share a machine take turns. A lease that is renewed while nobody waits costs an uncontended exchange. Used by the worker.
/// </summary>
/// <param name="broker">Lends the cores.</param>
/// <param name="estimate">How many, of which device.</param>
/// <param name="clock">The time.</param>
/// <param name="available">Called, on any thread, when cores that were waited for have come.</param>
internal sealed class CoreHolder(IDeviceBroker broker, WorkloadEstimate estimate, GenerationClock clock, Action available) : IDisposable
{
    // Longer than a step of most models, so that the lease is not what a token costs; short enough for a batch beside it.
    private static readonly long _turn = TimeSpan.FromMilliseconds(100).Ticks;

    private readonly CancellationTokenSource _closing = new();
    private DeviceLease? _lease;
    private Task<DeviceLease>? _pending;
    private long _heldSince;

    /// <summary>Whether the cores are there; where not, they have been asked for.</summary>
    /// <exception cref="RequestRejectedException">The engine is shutting down.</exception>
    public bool TryHold()
    {
        if (_lease is not null)
        {
            if (clock.Now - _heldSince < _turn) return true;
            Return();
        }

        _pending ??= Ask();
        if (!_pending.IsCompleted) return false;
        var pending = _pending;
        _pending = null;
        _lease = pending.GetAwaiter().GetResult();
        _heldSince = clock.Now;
        return true;
    }

    /// <summary>Gives the cores back.</summary>
    public void Return()
    {
        _lease?.Dispose();
        _lease = null;
    }

    /// <summary>Gives everything back, also what has not come yet.</summary>
    public void Dispose()
    {
        _closing.Cancel();
        Return();
        _pending?.ContinueWith(static task => task.GetAwaiter().GetResult().Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
        _closing.Dispose();
    }

    private Task<DeviceLease> Ask()
    {
        var asked = broker.LeaseAsync(estimate, _closing.Token).AsTask();
        if (!asked.IsCompleted) asked.ContinueWith(static (_, state) => ((Action)state!)(), available, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return asked;
    }
}
