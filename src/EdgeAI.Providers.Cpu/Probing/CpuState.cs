namespace EdgeAI.Providers.Cpu.Probing;

/// <summary>What the sensors say at one moment; <see langword="null"/> where there is none or it may not be read.</summary>
internal readonly record struct CpuState
{
    public double? TemperatureCelsius { get; init; }

    public double? TemperatureLimitCelsius { get; init; }

    public double? PowerWatts { get; init; }

    public double? PowerLimitWatts { get; init; }

    public bool? IsThrottled { get; init; }

    public double? ClockHertz { get; init; }
}
