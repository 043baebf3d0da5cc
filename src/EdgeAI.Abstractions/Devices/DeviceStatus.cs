namespace EdgeAI;

/// <summary>The state of a device at one moment. Each value may be unknown (<see langword="null"/>).</summary>
public readonly record struct DeviceStatus
{
    /// <summary>Whether it can be trusted with work.</summary>
    public DeviceHealth Health { get; init; }

    /// <summary>Runs in progress.</summary>
    public int? LanesBusy { get; init; }

    /// <summary>Memory that is free for models, in bytes.</summary>
    public long? FreeMemoryBytes { get; init; }

    /// <summary>Temperature in degrees Celsius.</summary>
    public double? TemperatureCelsius { get; init; }

    /// <summary>Power drawn in watts.</summary>
    public double? PowerWatts { get; init; }

    /// <summary>The temperature in degrees Celsius from which on it slows down.</summary>
    public double? TemperatureLimitCelsius { get; init; }

    /// <summary>The most power in watts that it is allowed to draw.</summary>
    public double? PowerLimitWatts { get; init; }

    /// <summary>Whether it runs slower than it could, because of heat or power.</summary>
    public bool? IsThrottled { get; init; }

    /// <summary>The clock rate in hertz.</summary>
    public double? ClockHertz { get; init; }
}
