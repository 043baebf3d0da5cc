namespace EdgeAI.Cli.Output;

/// <summary>The state of a device; <see langword="null"/> where unknown.</summary>
internal sealed record DeviceStatusReport(string Health, int? LanesBusy, long? FreeMemoryBytes, double? TemperatureCelsius, double? PowerWatts)
{
    public static DeviceStatusReport From(DeviceStatus status) => new(
        status.Health switch
        {
            DeviceHealth.Healthy => "healthy",
            DeviceHealth.Degraded => "degraded",
            DeviceHealth.Failed => "failed",
            _ => "unknown",
        },
        status.LanesBusy,
        status.FreeMemoryBytes,
        status.TemperatureCelsius,
        status.PowerWatts);
}
