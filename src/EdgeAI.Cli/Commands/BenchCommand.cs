using System.CommandLine;
using EdgeAI.Cli.Bench;
using EdgeAI.Cli.CommandLine;
using EdgeAI.Cli.Engine;
using EdgeAI.Cli.Output;
using EdgeAI.Cli.Plotting;
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
            using var plot = measured.PlotPath is { } path ? PlotFile.Create(path) : null;
            await using var services = EngineServices.Create(host, arguments);
            var report = await MeasureAsync(host, services.GetRequiredService<IInferenceEngine>(), measured, cancellationToken).ConfigureAwait(false);
            if (plot is not null)
            {
                plot.Write(LatencyPlot.Draw(report, PlainText.Clean(Path.GetFileNameWithoutExtension(measured.ModelPath)), plot.Format));
                report = report with { Plot = plot.Path };
            }

            host.Write(arguments, report, ReportJson.Instance.BenchReport, BenchView.Render);
        });
        return command;
    }

    private static async Task<BenchReport> MeasureAsync(ToolHost host, IInferenceEngine engine, BenchmarkOptions options, CancellationToken cancellationToken)
    {
        void Say(string line) => host.Progress.Write(new Text($"{line}\n"));
        Task<BenchReport> Run(Func<Action<double>, Task<BenchReport>> work, string title) => ProgressBar.RunAsync(host.Progress, title, work);

        BenchReport? report = null;
        if (options.PlotPath is null || options.Scenario != Scenario.Server || options.Rate is not null)
        {
            report = await Run(progress => new Benchmark(engine, options, host.TimeProvider).RunAsync(progress, Say, cancellationToken), "Measuring").ConfigureAwait(false);
        }

        if (options.PlotPath is null) return report!;
        var swept = await Run(progress => new Sweep(engine, options, host.TimeProvider).RunAsync(progress, Say, cancellationToken), "Measuring the curve").ConfigureAwait(false);
        return report is null ? swept : report with { Curve = swept.Curve };
    }
}
