using System.Globalization;

namespace EdgeAI.Testing;

/// <summary>What a probe would tell of a simulated device: each figure with the option that made it up.</summary>
internal static class SimulatedFacts
{
    public static DeviceInfo Describe(string id, string provider, SimulatedDeviceOptions options) => new(id, provider, options.Kind, options.Name)
    {
        MemoryBytes = options.MemoryBytes,
        Parallelism = options.Parallelism,
        Features = [.. options.Features],
        Versions = options.Versions,
        HasUnifiedMemory = options.HasUnifiedMemory ?? (options.IsHostAccessible ? null : false),
        Link = options.Link,
        Facts = [.. Figures(options)],
    };

    /// <summary>What a perfect measurement would find.</summary>
    public static DeviceProfile Measure(SimulatedDeviceOptions options, DateTimeOffset measuredAt) => new()
    {
        ReadBandwidth = options.MemoryBandwidth,
        Gemm = [.. options.ComputeRates],
        RunOverhead = options.RunOverhead,
        NodeOverhead = options.NodeOverhead,
        TransferBandwidth = options.TransferBandwidth,
        MeasuredAt = measuredAt,
        Versions = options.Versions,
    };

    private static IEnumerable<DeviceFact> Figures(SimulatedDeviceOptions options)
    {
        foreach (var rate in options.ComputeRates)
        {
            yield return new DeviceFact($"compute rate, {rate.ElementType.ToName()}, {rate.Rows} rows", Text(rate.FlopsPerSecond / 1e9, "GFLOP/s"), Source(nameof(options.ComputeRates)));
        }

        if (options.MemoryBandwidth is { } memory) yield return new DeviceFact("memory bandwidth", Text(memory / 1e9, "GB/s"), Source(nameof(options.MemoryBandwidth)));
        if (options.TransferBandwidth is { } transfer) yield return new DeviceFact("transfer bandwidth", Text(transfer / 1e9, "GB/s"), Source(nameof(options.TransferBandwidth)));
        if (options.BusyPowerWatts is { } busy) yield return new DeviceFact("power when busy", Text(busy, "W"), Source(nameof(options.BusyPowerWatts)));
        if (options.ThrottleCelsius is { } limit) yield return new DeviceFact("throttles at", Text(limit, "°C"), Source(nameof(options.ThrottleCelsius)));
    }

    private static string Text(double value, string unit) => string.Create(CultureInfo.InvariantCulture, $"{value:G6} {unit}");

    private static string Source(string option) => $"made up: {nameof(SimulatedDeviceOptions)}.{option}";
}
