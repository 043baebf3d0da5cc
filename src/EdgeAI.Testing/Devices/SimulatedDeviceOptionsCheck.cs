namespace EdgeAI.Testing;

/// <summary>Finds every problem of <see cref="SimulatedDeviceOptions"/> at once.</summary>
internal static class SimulatedDeviceOptionsCheck
{
    /// <exception cref="ArgumentException">Options are out of range: lists every problem.</exception>
    public static void ThrowIfInvalid(SimulatedDeviceOptions options)
    {
        var problems = Basics(options).Concat(Speed(options)).Concat(Power(options)).Concat(Heat(options)).ToArray();
        if (problems.Length > 0) throw new ArgumentException($"The simulated device cannot be made: {string.Join("; ", problems)}.");
    }

    private static IEnumerable<string> Basics(SimulatedDeviceOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.Name)) yield return "Name must not be empty";
        if (options.Parallelism < 1) yield return $"Parallelism is {options.Parallelism}; it must be 1 or more, or null";
        if (options.MemoryBytes < 0) yield return $"MemoryBytes is {options.MemoryBytes}; it must be 0 or more, or null for no limit";
        if (options.Alignment < 1 || !int.IsPow2(options.Alignment)) yield return $"Alignment is {options.Alignment}; it must be a power of two";
        if (options.MaxConcurrentRuns < 1) yield return $"MaxConcurrentRuns is {options.MaxConcurrentRuns}; it must be 1 or more";
        if (!(options.Jitter is >= 0 and <= 1)) yield return $"Jitter is {options.Jitter}; it must be from 0 to 1";
        if (options.OpeningLatency < TimeSpan.Zero) yield return $"OpeningLatency is {options.OpeningLatency}; it must be zero or more";
        if (options.RunLogLength < 0) yield return $"RunLogLength is {options.RunLogLength}; it must be 0 or more";
        if (options.Latency is null) yield return "Latency must not be null; use LatencyCurve.Zero";
        if (options.Support is null) yield return "Support must not be null; use DeviceSupport.Full";
        if (options.Features is null) yield return "Features must not be null; use []";
        if (options.Versions is null) yield return "Versions must not be null; use an empty text";
    }

    private static IEnumerable<string> Speed(SimulatedDeviceOptions options)
    {
        if (options.ComputeRates is null)
        {
            yield return "ComputeRates must not be null; use []";
        }
        else
        {
            foreach (var rate in options.ComputeRates.Where(rate => rate.Rows < 1 || !(rate.FlopsPerSecond > 0 && double.IsFinite(rate.FlopsPerSecond))))
            {
                yield return $"ComputeRates holds {rate.FlopsPerSecond} operations per second at {rate.Rows} rows; both must be more than 0";
            }

            foreach (var twice in options.ComputeRates.GroupBy(rate => (rate.ElementType, rate.Rows)).Where(group => group.Count() > 1))
            {
                yield return $"ComputeRates holds {twice.Count()} rates for {twice.Key.ElementType.ToName()} at {twice.Key.Rows} rows; give one";
            }
        }

        if (IsNotPositive(options.MemoryBandwidth)) yield return $"MemoryBandwidth is {options.MemoryBandwidth}; it must be more than 0, or null";
        if (options.RunOverhead < TimeSpan.Zero) yield return $"RunOverhead is {options.RunOverhead}; it must be zero or more";
        if (options.NodeOverhead < TimeSpan.Zero) yield return $"NodeOverhead is {options.NodeOverhead}; it must be zero or more";
        if (IsNotPositive(options.TransferBandwidth)) yield return $"TransferBandwidth is {options.TransferBandwidth}; it must be more than 0, or null";
        if (options.TransferLatency < TimeSpan.Zero) yield return $"TransferLatency is {options.TransferLatency}; it must be zero or more";
        if (options.IsHostAccessible && (options.TransferBandwidth is not null || options.TransferLatency > TimeSpan.Zero))
        {
            yield return "TransferBandwidth and TransferLatency are for memory that the host cannot reach; set IsHostAccessible to false";
        }
    }

    private static IEnumerable<string> Power(SimulatedDeviceOptions options)
    {
        var idle = options.IdlePowerWatts ?? 0;
        if (options.IdlePowerWatts is { } given && !(given >= 0 && double.IsFinite(given))) yield return $"IdlePowerWatts is {given}; it must be 0 or more, or null";
        if (options.BusyPowerWatts is { } busy && !(busy >= idle && double.IsFinite(busy))) yield return $"BusyPowerWatts is {busy}; it must be at least IdlePowerWatts, or null";
        if (options.PowerLimitWatts is { } limit && !(limit > idle && double.IsFinite(limit))) yield return $"PowerLimitWatts is {limit}; it must be more than IdlePowerWatts, or null";
        if (options.BusyPowerWatts is null && (options.IdlePowerWatts is not null || options.PowerLimitWatts is not null))
        {
            yield return "IdlePowerWatts and PowerLimitWatts need BusyPowerWatts";
        }

        if (IsNotPositive(options.ClockHertz)) yield return $"ClockHertz is {options.ClockHertz}; it must be more than 0, or null";
    }

    private static IEnumerable<string> Heat(SimulatedDeviceOptions options)
    {
        if (IsNotPositive(options.HeatCapacity)) yield return $"HeatCapacity is {options.HeatCapacity}; it must be more than 0, or null";
        if (IsNotPositive(options.ThermalConductance)) yield return $"ThermalConductance is {options.ThermalConductance}; it must be more than 0, or null";
        if (options.HeatCapacity is null != options.ThermalConductance is null) yield return "HeatCapacity and ThermalConductance need each other";
        if (options.HeatCapacity is not null && options.BusyPowerWatts is null) yield return "HeatCapacity needs BusyPowerWatts: a temperature follows from power";
        if (!(options.AmbientCelsius is >= -273.15 and < 1000)) yield return $"AmbientCelsius is {options.AmbientCelsius}; it must be from -273.15 to less than 1000";
        if (!(options.ThrottledSpeed is > 0 and <= 1)) yield return $"ThrottledSpeed is {options.ThrottledSpeed}; it must be more than 0 and at most 1";
        if (options.RecoveryCelsius is not null && options.ThrottleCelsius is null) yield return "RecoveryCelsius needs ThrottleCelsius";
        if (options.ThrottleCelsius is not { } limit) yield break;
        if (options.HeatCapacity is null) yield return "ThrottleCelsius needs HeatCapacity: without it the device has no temperature";
        if (options.IdleCelsius is not { } idle) yield break;
        if (!(limit > idle)) yield return $"ThrottleCelsius is {limit}; it must be above the {idle} degrees that the device settles at when idle";
        else if (options.RecoveryCelsius is { } recovery && !(recovery < limit && recovery > idle)) yield return $"RecoveryCelsius is {recovery}; it must lie between the {idle} degrees that the device settles at when idle and ThrottleCelsius";
    }

    private static bool IsNotPositive(double? value) => value is { } given && !(given > 0 && double.IsFinite(given));
}
