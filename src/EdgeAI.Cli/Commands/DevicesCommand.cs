using System.CommandLine;
using EdgeAI.Cli.CommandLine;
using EdgeAI.Cli.Engine;
using EdgeAI.Cli.Output;
using EdgeAI.Cli.Rendering;
using EdgeAI.Devices;
using EdgeAI.Providers.Cpu;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAI.Cli.Commands;

/// <summary><c>edgeai devices</c>: the hardware that models can run on, and why other hardware cannot be used.</summary>
internal static class DevicesCommand
{
    public static Command Create(ToolHost host)
    {
        var systemRoot = new Option<string?>("--system-root") { HelpName = "DIR", Description = "Read the CPU of a recorded machine: a folder with its proc and sys trees" }.NotEmpty();
        var command = new Command("devices", "List the devices of this machine") { systemRoot };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var report = arguments.GetValue(systemRoot) is { } root
                ? ReadRecorded(root)
                : await DiscoverAsync(host, arguments, cancellationToken).ConfigureAwait(false);
            host.Write(arguments, report, ReportJson.Instance.DevicesReport, DevicesView.Render);
        });
        return command;
    }

    private static async Task<DevicesReport> DiscoverAsync(ToolHost host, ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var services = EngineServices.Create(host, arguments);
        var devices = await services.GetRequiredService<IInferenceEngine>().GetDevicesAsync(cancellationToken).ConfigureAwait(false);
        var unavailable = new List<UnavailableReport>();
        foreach (var provider in services.GetServices<IDeviceProvider>())
        {
            // Repeatable: the engine's own devices, seen once more.
            var discovery = await provider.DiscoverAsync(cancellationToken).ConfigureAwait(false);
            unavailable.AddRange(discovery.Unavailable.Select(reason => new UnavailableReport(provider.Name, reason)));
        }

        return new DevicesReport([.. devices.Select(device => DeviceReport.From(device.Info, device.Status))], unavailable);
    }

    private static DevicesReport ReadRecorded(string root)
    {
        var folder = Path.GetFullPath(root);
        if (!Directory.Exists(Path.Join(folder, "proc")) && !Directory.Exists(Path.Join(folder, "sys")))
        {
            throw new ToolException($"{root}: there is neither a 'proc' nor a 'sys' folder in it; name the root of a recorded machine.");
        }

        return new DevicesReport([DeviceReport.From(CpuProbe.Read(folder), default)], []);
    }
}
