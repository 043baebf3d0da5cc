namespace EdgeAI.Engine;

/// <summary>Looks from time to time whether devices have come or gone, and tells the models. Thread-safe.</summary>
/// <param name="devices">Finds them.</param>
/// <param name="models">Are told.</param>
/// <param name="period">How often; <see langword="null"/> for never.</param>
/// <param name="timeProvider">Tells the time.</param>
internal sealed class DeviceWatch(DeviceCatalog devices, ModelRegistry models, TimeSpan? period, TimeProvider timeProvider) : IAsyncDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private readonly Lock _gate = new();
    private ITimer? _timer;
    private Task _looking = Task.CompletedTask;

    /// <summary>Begins, at the first call.</summary>
    public void Start()
    {
        if (period is not { } often) return;
        lock (_gate)
        {
            if (_closing.IsCancellationRequested) return;
            _timer ??= timeProvider.CreateTimer(static watch => ((DeviceWatch)watch!).Look(), this, often, often);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task looking;
        lock (_gate)
        {
            if (_closing.IsCancellationRequested) return;
            _closing.Cancel();
            _timer?.Dispose();
            looking = _looking;
        }

        await looking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _closing.Dispose();
    }

    private void Look()
    {
        lock (_gate)
        {
            // A provider that takes long is not asked again meanwhile.
            if (!_closing.IsCancellationRequested && _looking.IsCompleted) _looking = LookAsync();
        }
    }

    private async Task LookAsync()
    {
        var found = await devices.RefreshAsync(_closing.Token).ConfigureAwait(false);
        var present = found.Devices.Select(device => device.Info.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var model in models.Loaded) model.DevicesChanged(present);
    }
}
