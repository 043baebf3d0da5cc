using EdgeAI.Devices;

namespace EdgeAI.Testing;

/// <summary>Finds the simulated devices that it was given, as far as they are present. Thread-safe.</summary>
public sealed class SimulatedDeviceProvider : IDeviceProvider
{
    private readonly List<SimulatedDevice> _devices;
    private volatile string? _absence;

    /// <summary>Creates a provider.</summary>
    /// <param name="devices">Its devices; the engine owns and disposes those that it discovers.</param>
    /// <exception cref="ArgumentException">Two devices have the same identifier.</exception>
    public SimulatedDeviceProvider(params IReadOnlyList<SimulatedDevice> devices)
    {
        ArgumentNullException.ThrowIfNull(devices);
        var twice = devices.GroupBy(device => device.Info.Id).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null) throw new ArgumentException($"{twice.Count()} simulated devices have the id '{twice.Key}'; give each its own.", nameof(devices));
        _devices = [.. devices];
    }

    /// <inheritdoc/>
    public string Name => SimulatedDevice.ProviderName;

    /// <summary>The devices, found or not.</summary>
    public IReadOnlyList<SimulatedDevice> Devices => _devices;

    /// <summary>Why discovery finds nothing, as a sentence without its full stop; <see langword="null"/> (default): it finds every device that is present.</summary>
    public string? Absence
    {
        get => _absence;
        set => _absence = value;
    }

    /// <inheritdoc/>
    public ValueTask<DeviceDiscovery> DiscoverAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_absence is { } reason) return ValueTask.FromResult(DeviceDiscovery.None(reason));

        // A lost device is still there to be seen, as failed hardware is; one that was pulled out is not.
        var here = _devices.ToLookup(device => device.IsLost || device.IsPresent);
        return ValueTask.FromResult(new DeviceDiscovery([.. here[true]], [.. here[false].Select(device => $"{device.Info.Id} is pulled out, as its script says")]));
    }
}
