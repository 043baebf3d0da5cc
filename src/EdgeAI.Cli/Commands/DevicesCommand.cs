using System.CommandLine;
using EdgeAI.Cli.CommandLine;
using EdgeAI.Cli.Engine;
using EdgeAI.Cli.Output;
using EdgeAI.Cli.Plotting;
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
        var profiling = new ProfileArguments();
        var command = new Command("devices", "List the devices of this machine") { systemRoot };
        profiling.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(systemRoot) is not null && profiling.AreGiven(result)) result.AddError("A recorded machine cannot be measured: leave out --profile, or --system-root.");
        });
        command.SetAction(async (arguments, cancellationToken) =>
        {
            using var plot = profiling.CreatePlot(arguments);
            var report = arguments.GetValue(systemRoot) is { } root
                ? ReadRecorded(root)
                : await DiscoverAsync(host, arguments, profiling, cancellationToken).ConfigureAwait(false);
            plot?.Write(RooflinePlot.Draw(report.Devices, plot.Format));
            host.Write(arguments, report, ReportJson.Instance.DevicesReport, DevicesView.Render);
        });
        return command;
    }

    private static async Task<DevicesReport> DiscoverAsync(ToolHost host, ParseResult arguments, ProfileArguments profiling, CancellationToken cancellationToken)
    {
        await using var services = EngineServices.Create(host, arguments);
        var engine = services.GetRequiredService<IInferenceEngine>();
        var devices = await engine.GetDevicesAsync(cancellationToken).ConfigureAwait(false);
        if (profiling.OptionsFor(host, arguments) is { } options)
        {
            foreach (var device in devices) await services.GetRequiredService<IDeviceEvaluator>().EvaluateAsync(device.Info.Id, options, cancellationToken).ConfigureAwait(false);
            devices = await engine.GetDevicesAsync(cancellationToken).ConfigureAwait(false);
        }

        var unavailable = new List<UnavailableReport>();
        foreach (var provider in services.GetServices<IDeviceProvider>())
        {
            // Repeatable: the engine's own devices, seen once more.
            var discovery = await provider.DiscoverAsync(cancellationToken).ConfigureAwait(false);
            unavailable.AddRange(discovery.Unavailable.Select(reason => new UnavailableReport(provider.Name, reason)));
        }

        return new DevicesReport([.. devices.Select(device => DeviceReport.From(device.Info, device.Status) with { Profile = ProfileReport.From(device.Profile) })], unavailable);
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
