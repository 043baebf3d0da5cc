namespace EdgeAI.Devices;

/// <summary>What a provider found. Immutable.</summary>
/// <param name="Devices">The devices; the engine owns them from now on.</param>
/// <param name="Unavailable">Why hardware or software that one might expect is absent, each a sentence without its full stop that says what to do where something can be done.</param>
public sealed record DeviceDiscovery(IReadOnlyList<IDevice> Devices, IReadOnlyList<string> Unavailable)
{
    /// <summary>Devices were found and nothing is missing.</summary>
    public static DeviceDiscovery Found(params IReadOnlyList<IDevice> devices) => new(devices, []);

    /// <summary>No device, for this reason.</summary>
    public static DeviceDiscovery None(string reason) => new([], [reason]);
}
