using EdgeAI.Devices;
using EdgeAI.Diagnostics;
using Microsoft.Extensions.Logging;

namespace EdgeAI.Engine;

/// <summary>
/// The devices of all providers: probed at first use by one shared task, and again when <see cref="RefreshAsync"/> is called. A probe that failed is not remembered. Thread-safe; owns the devices, those
/// that have gone included.
/// </summary>
internal sealed class DeviceCatalog : IAsyncDisposable
{
    private readonly IReadOnlyList<IDeviceProvider> _providers;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private readonly HashSet<IDevice> _seen = [];
    private Task<DeviceSet>? _probe;

    public DeviceCatalog(IEnumerable<IDeviceProvider> providers, ILogger logger)
    {
        _providers = [.. providers];
        _logger = logger;
        var twice = _providers.GroupBy(p => p.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null) throw new InvalidOperationException($"{twice.Count()} device providers are named '{twice.Key}'; each needs its own name.");
    }

    /// <summary>What the last complete probe found; <see langword="null"/> before one.</summary>
    public DeviceSet? Known => _probe is { IsCompletedSuccessfully: true } probe ? probe.GetAwaiter().GetResult() : null;

    public async ValueTask<DeviceSet> GetAsync(CancellationToken cancellationToken)
    {
        Task<DeviceSet> probe;
        lock (_gate)
        {
            if (_probe is null || _probe.IsFaulted || _probe.IsCanceled) _probe = Task.Run(() => ProbeAsync(known: null), CancellationToken.None);
            probe = _probe;
        }

        return await probe.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Looks again: devices may have come or gone. A probe that fails leaves what was known. One call at a time.</summary>
    public async Task<DeviceSet> RefreshAsync(CancellationToken cancellationToken)
    {
        if (Known is not { } known) return await GetAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var found = await Task.Run(() => ProbeAsync(known), CancellationToken.None).WaitAsync(cancellationToken).ConfigureAwait(false);
            lock (_gate) _probe = Task.FromResult(found);
            return found;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // Logged where it failed; what was known stays.
            return known;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task<DeviceSet>? probe;
        lock (_gate) probe = _probe;
        if (probe is null) return;
        await ((Task)probe).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        IDevice[] seen;
        lock (_gate) seen = [.. _seen];
        foreach (var device in seen)
        {
            try
            {
                await device.DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                Log.ShutdownFailed(_logger, exception, device.Info.Id);
            }
        }
    }

    /// <summary>Asks every provider; logs what differs from what was known.</summary>
    private async Task<DeviceSet> ProbeAsync(DeviceSet? known)
    {
        var discoveries = await Task.WhenAll(_providers.Select(ProbeAsync)).ConfigureAwait(false);
        var devices = new Dictionary<string, IDevice>(StringComparer.Ordinal);
        var unavailable = new List<DeviceRefusal>();
        for (var i = 0; i < discoveries.Length; i++)
        {
            foreach (var device in discoveries[i].Devices)
            {
                if (!devices.TryAdd(device.Info.Id, device)) throw new InvalidOperationException($"Two devices are named '{device.Info.Id}'; each needs its own identifier.");
                lock (_gate) _seen.Add(device);
                if (known?.Devices.Contains(device) != true) Log.DeviceFound(_logger, _providers[i].Name, device.Info.Id, device.Info.Name);
            }

            foreach (var reason in discoveries[i].Unavailable)
            {
                unavailable.Add(new DeviceRefusal(_providers[i].Name, reason));
                if (known?.Unavailable.Contains(unavailable[^1]) != true) Log.DeviceUnavailable(_logger, _providers[i].Name, reason);
            }
        }

        foreach (var gone in known?.Devices.Except(devices.Values) ?? []) Log.DeviceGone(_logger, gone.Info.Id);

        return new DeviceSet([.. devices.Values], unavailable);
    }

    private async Task<DeviceDiscovery> ProbeAsync(IDeviceProvider provider)
    {
        try
        {
            return await provider.DiscoverAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Log.ProbeFailed(_logger, exception, provider.Name);
            throw;
        }
    }
}
