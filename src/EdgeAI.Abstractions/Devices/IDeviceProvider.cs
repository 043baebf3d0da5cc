namespace EdgeAI.Devices;

/// <summary>Finds the devices of one kind of hardware. A thread-safe singleton; the seam by which hardware arrives as a package.</summary>
public interface IDeviceProvider
{
    /// <summary>The provider's name, lower-case and unique, such as <c>cpu</c>: configuration value and telemetry tag.</summary>
    string Name { get; }

    /// <summary>Looks for devices. Never throws for "not here": absence comes with its reason. Repeatable; the same device is the same object for the same identifier.</summary>
    ValueTask<DeviceDiscovery> DiscoverAsync(CancellationToken cancellationToken = default);
}
