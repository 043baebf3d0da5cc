using EdgeAI.Devices;

namespace EdgeAI.Testing.Tests.Conformance.Flaws;

// CA1001: whoever discovers devices owns them.
#pragma warning disable CA1001

/// <summary>The simulated provider with one flaw.</summary>
internal sealed class FlawedProvider(Flaw flaw) : IDeviceProvider
{
    private readonly IDeviceProvider _sound = SimulatedFixture.CreateProvider();
    private FlawedDevice? _device;

    public string Name => flaw == Flaw.UpperCaseName ? "Simulated" : _sound.Name;

    public async ValueTask<DeviceDiscovery> DiscoverAsync(CancellationToken cancellationToken = default)
    {
        if (flaw == Flaw.SilentAbsence) return new DeviceDiscovery([], []);
        if (flaw == Flaw.ReasonWithFullStop) return DeviceDiscovery.None("Nothing is here.");
        var found = await _sound.DiscoverAsync(CancellationToken.None);
        if (_device is null || flaw == Flaw.NewDevicesEachTime) _device = new FlawedDevice((SimulatedDevice)found.Devices[0], flaw);
        return DeviceDiscovery.Found(_device);
    }
}
