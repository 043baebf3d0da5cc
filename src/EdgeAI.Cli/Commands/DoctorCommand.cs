using System.CommandLine;
using EdgeAI.Cli.CommandLine;
using EdgeAI.Cli.Diagnostics;
using EdgeAI.Cli.Engine;
using EdgeAI.Cli.Output;
using EdgeAI.Cli.Rendering;
using EdgeAI.Devices;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAI.Cli.Commands;

/// <summary><c>edgeai doctor</c>: what is installed, what is missing and how to get it.</summary>
internal static class DoctorCommand
{
    public static Command Create(ToolHost host)
    {
        var command = new Command("doctor", "Check that models can run here, and say what to do where they cannot");
        command.SetAction(async (arguments, cancellationToken) =>
        {
            await using var services = EngineServices.Create(host, arguments);
            var report = await Checkup.RunAsync(services.GetRequiredService<IInferenceEngine>(), services.GetServices<IDeviceProvider>(), cancellationToken).ConfigureAwait(false);
            host.Write(arguments, report, ReportJson.Instance.DoctorReport, DoctorView.Render);

            var failed = report.Checks.Where(check => !check.Ok).ToArray();
            if (failed.Length == 0) return ExitCode.Success;
            await host.Error.WriteLineAsync($"edgeai: {failed.Length} of {report.Checks.Count} checks failed: {string.Join(", ", failed.Select(check => check.Name))}.").ConfigureAwait(false);
            return ExitCode.Failure;
        });
        return command;
    }
}
