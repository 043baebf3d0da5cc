namespace EdgeAI.Cli.Output;

/// <summary>The state of a device; <see langword="null"/> where unknown.</summary>
internal sealed record DeviceStatusReport(string Health, int? LanesBusy, long? FreeMemoryBytes, double? TemperatureCelsius, double? PowerWatts)
{
    public double? TemperatureLimitCelsius { get; init; }

    public double? PowerLimitWatts { get; init; }

    public bool? IsThrottled { get; init; }

    public double? ClockHertz { get; init; }

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
        status.PowerWatts)
    {
        TemperatureLimitCelsius = status.TemperatureLimitCelsius,
        PowerLimitWatts = status.PowerLimitWatts,
        IsThrottled = status.IsThrottled,
        ClockHertz = status.ClockHertz,
    };
}
