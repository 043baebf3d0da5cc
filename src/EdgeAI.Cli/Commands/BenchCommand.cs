using System.CommandLine;
using EdgeAI.Cli.Bench;
using EdgeAI.Cli.CommandLine;
using EdgeAI.Cli.Engine;
using EdgeAI.Cli.Output;
using EdgeAI.Cli.Rendering;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace EdgeAI.Cli.Commands;

/// <summary><c>edgeai bench</c>: throughput and latency of a model, beside plain ONNX Runtime where asked for.</summary>
internal static class BenchCommand
{
    public static Command Create(ToolHost host)
    {
        var options = new BenchArguments();
        var command = new Command("bench", "Measure a model's throughput and latency");
        options.AddTo(command);
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var measured = options.ToOptions(arguments);
            await using var services = EngineServices.Create(host, arguments);
            var benchmark = new Benchmark(services.GetRequiredService<IInferenceEngine>(), measured, host.TimeProvider);
            void Say(string line) => host.Progress.Write(new Text($"{line}\n"));
            var report = await ProgressBar.RunAsync(host.Progress, "Measuring", progress => benchmark.RunAsync(progress, Say, cancellationToken)).ConfigureAwait(false);
            host.Write(arguments, report, ReportJson.Instance.BenchReport, BenchView.Render);
        });
        return command;
    }
}
