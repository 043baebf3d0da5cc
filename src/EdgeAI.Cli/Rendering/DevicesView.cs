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
            if (device.Features.Count > 0) console.Write(new Text($"{device.Id}: {string.Join(' ', device.Features)}\n"));
        }

        foreach (var device in report.Devices)
        {
            if (device.Profile is { } profile) ProfileView.Render(console, device.Id, profile);
        }

        foreach (var absence in report.Unavailable) console.Write(new Text($"{absence.Provider}: {absence.Reason}\n", new Style(Color.Yellow)));
        if (report.Devices.Count == 0 && report.Unavailable.Count == 0) console.Write(new Text("No device found.\n"));
    }

    private static string Describe(CpuTopology topology)
    {
        var kinds = topology.PerformanceCores is null ? "" : $" ({topology.PerformanceCores} performance, {topology.EfficiencyCores} efficiency)";
        return $"{Quantities.Plural(topology.Packages, "package")}, {Quantities.Plural(topology.NumaNodes, "NUMA node")}, {Quantities.Plural(topology.Cores, "core")}{kinds}, {Quantities.Plural(topology.LogicalProcessors, "logical processor")}";
    }
}
