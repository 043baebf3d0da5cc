using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using EdgeAI.Cli.Bench;
using EdgeAI.Cli.CommandLine;
using EdgeAI.Cli.Engine;
using EdgeAI.Cli.Output;
using EdgeAI.Cli.Rendering;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAI.Cli.Commands;

/// <summary><c>edgeai bench</c>: throughput and latency of a model, beside plain ONNX Runtime where asked for.</summary>
internal sealed class BenchCommand
{
    private const int MaxConcurrency = 4096;
    private const double DefaultSeconds = 5;
    private const double MaxSeconds = 3600;

    private readonly ToolHost _host;
    private readonly Argument<string> _model = ModelArgument.Create();
    private readonly Option<ShapeArgument[]> _shapes = new("--shape") { HelpName = "NAME=1,3,48,320", Description = "An input's lengths, for random values; dynamic axes are 1 otherwise", CustomParser = ParseShapes, DefaultValueFactory = _ => [], AllowMultipleArgumentsPerToken = true };
    private readonly Option<KeyValuePair<string, string>[]> _inputs = InputOption.Create();
    private readonly Option<string> _scenario = new("--scenario") { Description = "How queries arrive: one after another, or all at once", DefaultValueFactory = _ => Scenario.SingleStream };
    private readonly Option<int?> _concurrency = new("--concurrency") { HelpName = "N", Description = "Clients that each send their next query when the last one is answered", CustomParser = ParseConcurrency };
    private readonly Option<double> _duration = new("--duration") { HelpName = "S", Description = "Seconds to measure, and as many again for the baseline", CustomParser = ParseDuration, DefaultValueFactory = _ => DefaultSeconds };
    private readonly Option<string> _batching = new("--batching") { HelpName = "auto|off", Description = "Whether requests may share a run", DefaultValueFactory = _ => "auto" };
    private readonly Option<string?> _device = DeviceOption.Create();
    private readonly Option<int?> _lanes = new("--lanes") { HelpName = "N", Description = "Runs at the same time; left out, the engine chooses" };
    private readonly Option<int?> _threads = new("--threads") { HelpName = "N", Description = "Threads of one run; left out, the engine chooses" };
    private readonly Option<bool> _baseline = new("--baseline") { Description = "Measure plain InferenceSession.Run in turns with the engine" };

    private BenchCommand(ToolHost host)
    {
        _host = host;
        _scenario.AcceptOnlyFromAmong(Scenario.SingleStream, Scenario.Offline);
        _batching.Validators.Add(CheckBatching);
    }

    public static Command Create(ToolHost host) => new BenchCommand(host).ToCommand();

    private Command ToCommand()
    {
        var command = new Command("bench", "Measure a model's throughput and latency") { _model, _shapes, _inputs, _scenario, _concurrency, _duration, _batching, _device, _lanes, _threads, _baseline };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            await using var services = EngineServices.Create(_host, arguments);
            var benchmark = new Benchmark(services.GetRequiredService<IInferenceEngine>(), ToOptions(arguments), _host.TimeProvider);
            var report = await ProgressBar.RunAsync(_host.Progress, "Measuring", progress => benchmark.RunAsync(progress, cancellationToken)).ConfigureAwait(false);
            _host.Write(arguments, report, ReportJson.Instance.BenchReport, BenchView.Render);
        });
        return command;
    }

    private BenchmarkOptions ToOptions(ParseResult arguments)
    {
        var scenario = arguments.GetRequiredValue(_scenario);
        return new BenchmarkOptions
        {
            ModelPath = arguments.GetRequiredValue(_model),
            Scenario = scenario,
            Clients = arguments.GetValue(_concurrency) ?? (scenario == Scenario.Offline ? null : 1),
            Duration = TimeSpan.FromSeconds(arguments.GetValue(_duration)),
            AllowBatching = arguments.GetRequiredValue(_batching) == "auto",
            HasBaseline = arguments.GetValue(_baseline),
            DeviceId = arguments.GetValue(_device),
            Lanes = arguments.GetValue(_lanes),
            ThreadsPerLane = arguments.GetValue(_threads),
            Shapes = arguments.GetRequiredValue(_shapes),
            InputFiles = arguments.GetRequiredValue(_inputs),
        };
    }

    private static ShapeArgument[] ParseShapes(ArgumentResult result)
    {
        var shapes = new List<ShapeArgument>();
        foreach (var token in result.Tokens)
        {
            if (ShapeArgument.TryParse(token.Value) is not { } shape) result.AddError($"'{token.Value}' is not a shape; write NAME=1,3,48,320.");
            else if (shapes.Exists(other => other.Input == shape.Input)) result.AddError($"The shape of '{shape.Input}' is given twice.");
            else shapes.Add(shape);
        }

        return [.. shapes];
    }

    private static void CheckBatching(OptionResult result)
    {
        if (result.Tokens is not [{ Value: var value }] || value is "auto" or "off" or "1") return;
        result.AddError(int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? $"--batching {value} is not possible: this version serves every request by itself; use auto or off."
            : $"--batching must be auto or off, not '{value}'.");
    }

    private static int? ParseConcurrency(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var clients) && clients is >= 1 and <= MaxConcurrency) return clients;
        result.AddError($"--concurrency must be 1 to {MaxConcurrency}, not '{text}'.");
        return null;
    }

    private static double ParseDuration(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= MaxSeconds) return seconds;
        result.AddError($"--duration must be more than 0 and at most {MaxSeconds} seconds, not '{text}'.");
        return 0;
    }
}
