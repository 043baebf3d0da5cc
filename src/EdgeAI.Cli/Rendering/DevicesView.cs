using EdgeAI.Cli.Output;
using Spectre.Console;

namespace EdgeAI.Cli.Rendering;

/// <summary>Devices, for people.</summary>
internal static class DevicesView
{
    public static void Render(IAnsiConsole console, DevicesReport report)
    {
        if (report.Devices.Count > 0)
        {
            var devices = Tables.Create("Device", "Name", "Memory", "Free", "State").AlignRight(2, 3);
            foreach (var device in report.Devices) devices.Row(device.Id, device.Name, Quantities.Bytes(device.MemoryBytes), Quantities.Bytes(device.Status.FreeMemoryBytes), device.Status.Health);
            console.Write(devices);
        }

        foreach (var device in report.Devices)
        {
            if (device.Topology is { } topology) console.Write(new Text($"{device.Id}: {Describe(topology)}\n"));
            if (Describe(device.Status) is { Length: > 0 } state) console.Write(new Text($"{device.Id}: {state}\n"));
            if (device.Features.Count > 0) console.Write(new Text($"{device.Id}: {string.Join(' ', device.Features)}\n"));
        }

        foreach (var device in report.Devices.Where(device => device.Facts.Any(fact => fact.Value is not null)))
        {
            var facts = Tables.Create(device.Id, "", "Source");
            foreach (var fact in device.Facts.Where(fact => fact.Value is not null)) facts.Row(fact.Name, fact.Value, fact.Source);
            console.Write(facts);
        }

        foreach (var device in report.Devices)
        {
            if (device.Profile is { } profile) ProfileView.Render(console, device.Id, profile);
        }

        foreach (var absence in report.Unavailable) console.Write(new Text($"{absence.Provider}: {absence.Reason}\n", new Style(Color.Yellow)));
        if (report.Devices.Count == 0 && report.Unavailable.Count == 0) console.Write(new Text("No device found.\n"));
    }

    /// <summary>Only what is known.</summary>
    private static string Describe(DeviceStatusReport status)
    {
        string?[] parts =
        [
            Measure(status.TemperatureCelsius, status.TemperatureLimitCelsius, "°C"),
            Measure(status.PowerWatts, status.PowerLimitWatts, "W"),
            status.ClockHertz is { } hertz ? $"{Quantities.Significant(hertz / 1e9)} GHz" : null,
            status.IsThrottled == true ? "throttled" : null,
        ];
        return string.Join(", ", parts.Where(part => part is not null));
    }

    private static string? Measure(double? value, double? limit, string unit) => value is null ? null
        : limit is null ? $"{Quantities.Significant(value.Value)} {unit}"
        : $"{Quantities.Significant(value.Value)} of {Quantities.Significant(limit.Value)} {unit}";

    private static string Describe(TopologyReport topology)
    {
        var kinds = topology.PerformanceCores is null ? "" : $" ({topology.PerformanceCores} performance, {topology.EfficiencyCores} efficiency)";
        return $"{Quantities.Plural(topology.Packages, "package")}, {Quantities.Plural(topology.NumaNodes, "NUMA node")}, {Quantities.Plural(topology.Cores, "core")}{kinds}, {Quantities.Plural(topology.LogicalProcessors, "logical processor")}";
    }
}
