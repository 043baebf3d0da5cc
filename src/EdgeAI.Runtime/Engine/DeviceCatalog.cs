using EdgeAI.Devices;
using EdgeAI.Diagnostics;
using Microsoft.Extensions.Logging;

namespace EdgeAI.Engine;

/// <summary>The devices of all providers: probed once, at first use, by one shared task. A probe that failed is not remembered. Thread-safe; owns the devices.</summary>
internal sealed class DeviceCatalog : IAsyncDisposable
{
    private readonly IReadOnlyList<IDeviceProvider> _providers;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
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
            if (_probe is null || _probe.IsFaulted || _probe.IsCanceled) _probe = Task.Run(ProbeAsync, CancellationToken.None);
            probe = _probe;
        }

        return await probe.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        Task<DeviceSet>? probe;
        lock (_gate) probe = _probe;
        if (probe is null) return;
        await ((Task)probe).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!probe.IsCompletedSuccessfully) return;
        foreach (var device in (await probe.ConfigureAwait(false)).Devices)
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

    private async Task<DeviceSet> ProbeAsync()
    {
        var discoveries = await Task.WhenAll(_providers.Select(ProbeAsync)).ConfigureAwait(false);
        var devices = new Dictionary<string, IDevice>(StringComparer.Ordinal);
        var unavailable = new List<DeviceRefusal>();
        for (var i = 0; i < discoveries.Length; i++)
        {
            foreach (var device in discoveries[i].Devices)
            {
                if (!devices.TryAdd(device.Info.Id, device)) throw new InvalidOperationException($"Two devices are named '{device.Info.Id}'; each needs its own identifier.");
                Log.DeviceFound(_logger, _providers[i].Name, device.Info.Id, device.Info.Name);
            }

            foreach (var reason in discoveries[i].Unavailable)
            {
                unavailable.Add(new DeviceRefusal(_providers[i].Name, reason));
                Log.DeviceUnavailable(_logger, _providers[i].Name, reason);
            }
        }

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
