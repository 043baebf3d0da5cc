namespace EdgeAI.Testing;

/// <summary>A simulated device that was asked for.</summary>
internal sealed record SimulatedDeviceRegistration(string Id, Action<SimulatedDeviceOptions>? Configure)
{
    public SimulatedDevice Create(TimeProvider? timeProvider)
    {
        var options = new SimulatedDeviceOptions();
        Configure?.Invoke(options);
        return new SimulatedDevice(Id, options, timeProvider);
    }
}
