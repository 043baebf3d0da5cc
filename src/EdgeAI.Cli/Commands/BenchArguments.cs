using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using EdgeAI.Cli.Bench;
using EdgeAI.Cli.CommandLine;
using EdgeAI.Cli.Plotting;

namespace EdgeAI.Cli.Commands;

/// <summary>The command line of <c>edgeai bench</c>. What is wrong with it is said before anything is loaded.</summary>
internal sealed class BenchArguments
{
    private const int MaxConcurrency = 4096;
    private const int MaxSamples = 4096;
    private const int MaxRows = 65_536;
    private const int MaxArrivals = 10_000_000;
    private const double DefaultSeconds = 5;
    private const double DefaultSettleSeconds = 60;
    private const double MaxSeconds = 3600;
    private const double MaxRate = 1_000_000;

    private readonly Argument<string> _model = ModelArgument.Create();
    private readonly Option<ShapeArgument[]> _shapes = ShapeOption.Create("An input's lengths, for random values; dynamic axes are 1 otherwise");
    private readonly Option<KeyValuePair<string, string>[]> _inputs = InputOption.Create();
    private readonly Option<string?> _scenario = new("--scenario") { Description = "How queries arrive: one after another (default), several at once, by themselves (default with --plot), or all at once" };
    private readonly Option<int?> _concurrency = new("--concurrency") { HelpName = "N", Description = "Clients that each send their next query when the last one is answered", CustomParser = NumberParsing.Whole("--concurrency", 1, MaxConcurrency) };
    private readonly Option<int?> _samples = new("--samples") { HelpName = "N", Description = "Requests of one multi-stream query; 8 otherwise", CustomParser = NumberParsing.Whole("--samples", 1, MaxSamples) };
    private readonly Option<double?> _rate = new("--rate") { HelpName = "R", Description = "Queries per second of the server scenario, at random times", CustomParser = NumberParsing.Positive("--rate", MaxRate, "queries per second") };
    private readonly Option<int?> _seed = new("--seed") { HelpName = "N", Description = "Selects those times; 1 otherwise", CustomParser = NumberParsing.Whole("--seed", 0, int.MaxValue) };
    private readonly Option<double?> _deadline = new("--deadline") { HelpName = "MS", Description = "Milliseconds that an answer may take; goodput counts those in time", CustomParser = NumberParsing.Positive("--deadline", MaxSeconds * 1000, "milliseconds") };
    private readonly Option<double?> _duration = new("--duration") { HelpName = "S", Description = "Seconds to measure, 5 otherwise, and as many again for the baseline and for the plot", CustomParser = NumberParsing.Positive("--duration", MaxSeconds, "seconds") };
    private readonly Option<double?> _settle = new("--settle") { HelpName = "S", Description = "Seconds that the engine may take to measure the model before the clock starts; 60 otherwise", CustomParser = NumberParsing.Positive("--settle", MaxSeconds, "seconds", allowZero: true) };
    private readonly Option<int?> _batching = new("--batching") { HelpName = "auto|off|N", Description = "Whether requests may share a run, and how many rows", CustomParser = ParseBatching };
    private readonly Option<KeyValuePair<string, int>[]> _axes = new("--batch-axis") { HelpName = "NAME=AXIS", Description = "Declares the axis along which an input or output may be batched", CustomParser = AxisArgument.Parse, DefaultValueFactory = _ => [], AllowMultipleArgumentsPerToken = true };
    private readonly Option<ServingGoal> _goal = new("--goal") { HelpName = "balanced|latency|throughput", Description = "What the engine aims for", CustomParser = ParseChoice<ServingGoal> };
    private readonly Option<BatchWait> _wait = new("--wait") { HelpName = "none|fixed|learned", Description = "Whether a free lane waits for more requests", CustomParser = ParseChoice<BatchWait>, DefaultValueFactory = _ => BatchWait.Learned };
    private readonly Option<string?> _device = DeviceOption.Create();
    private readonly Option<int?> _lanes = new("--lanes") { HelpName = "N", Description = "Runs at the same time; left out, the engine chooses" };
    private readonly Option<int?> _threads = new("--threads") { HelpName = "N", Description = "Threads of one run; left out, the engine chooses" };
    private readonly Option<string?> _plot = new("--plot") { HelpName = "FILE.svg", Description = "Draw latency over throughput at many rates of the server scenario, as .svg or .png" };
    private readonly Option<bool> _baseline = new("--baseline") { Description = "Measure plain InferenceSession.Run in turns with the engine" };

    public BenchArguments() => _scenario.AcceptOnlyFromAmong(Scenario.SingleStream, Scenario.MultiStream, Scenario.Server, Scenario.Offline);

    /// <summary>Adds all to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_model);
        Option[] options = [_shapes, _inputs, _scenario, _concurrency, _samples, _rate, _seed, _deadline, _duration, _settle, _batching, _axes, _goal, _wait, _device, _lanes, _threads, _baseline, _plot];
        foreach (var option in options) command.Add(option);
    }

    /// <exception cref="UsageException">Options do not fit together.</exception>
    public BenchmarkOptions ToOptions(ParseResult arguments)
    {
        var scenario = ScenarioOf(arguments);
        var options = new BenchmarkOptions
        {
            ModelPath = arguments.GetRequiredValue(_model),
            Scenario = scenario,
            Clients = arguments.GetValue(_concurrency) ?? (scenario is Scenario.SingleStream or Scenario.MultiStream ? 1 : null),
            Samples = arguments.GetValue(_samples) ?? (scenario == Scenario.MultiStream ? Scenario.MlperfSamples : 1),
            Rate = arguments.GetValue(_rate),
            Seed = arguments.GetValue(_seed) ?? 1,
            Deadline = arguments.GetValue(_deadline) is { } deadline ? TimeSpan.FromMilliseconds(deadline) : null,
            Duration = TimeSpan.FromSeconds(arguments.GetValue(_duration) ?? DefaultSeconds),
            SettleLimit = TimeSpan.FromSeconds(arguments.GetValue(_settle) ?? DefaultSettleSeconds),
            AllowBatching = arguments.GetValue(_batching) != 1,
            MaxBatch = arguments.GetValue(_batching),
            BatchAxes = arguments.GetRequiredValue(_axes),
            Goal = arguments.GetValue(_goal),
            BatchWait = arguments.GetValue(_wait),
            HasBaseline = arguments.GetValue(_baseline),
            DeviceId = arguments.GetValue(_device),
            Lanes = arguments.GetValue(_lanes),
            ThreadsPerLane = arguments.GetValue(_threads),
            Shapes = arguments.GetRequiredValue(_shapes),
            InputFiles = arguments.GetRequiredValue(_inputs),
            PlotPath = arguments.GetValue(_plot),
        };
        Check(arguments, options);
        return options;
    }

    private string ScenarioOf(ParseResult arguments) => arguments.GetValue(_scenario) ?? (arguments.GetValue(_plot) is null ? Scenario.SingleStream : Scenario.Server);

    private void Check(ParseResult arguments, BenchmarkOptions options)
    {
        var problems = new List<string>();
        var scenario = options.Scenario;
        if (options.Rate is not null && scenario != Scenario.Server) problems.Add($"--rate belongs to --scenario server; {scenario} queries wait for answers.");
        if (options.Rate is null && options.PlotPath is null && scenario == Scenario.Server) problems.Add("--scenario server needs --rate R, the queries per second.");
        if (options.Rate * options.Duration.TotalSeconds > MaxArrivals) problems.Add(string.Create(CultureInfo.InvariantCulture, $"--rate times --duration is more than {MaxArrivals:N0} queries."));
        if (arguments.GetValue(_samples) is not null && scenario != Scenario.MultiStream) problems.Add($"--samples belongs to --scenario multi-stream; a {scenario} query is one request.");
        if (arguments.GetValue(_concurrency) is not null && scenario is Scenario.Server or Scenario.MultiStream) problems.Add($"--concurrency has no meaning in --scenario {scenario}.");
        if (options.PlotPath is { } plot && CheckPlot(plot) is { } problem) problems.Add(problem);
        if (problems.Count > 0) throw new UsageException(string.Join(' ', problems));
    }

    private static string? CheckPlot(string path)
    {
        if (PlotFile.FormatOf(path) is null) return $"--plot draws .svg and .png files, not '{path}'.";
        if (Directory.Exists(path)) return $"--plot '{path}' is a folder.";
        return Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))) ? null : $"The folder of --plot '{path}' does not exist.";
    }

    private static int? ParseBatching(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (text == "auto") return null;
        if (text == "off") return 1;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var rows) && rows is >= 1 and <= MaxRows) return rows;
        result.AddError($"--batching must be auto, off or 1 to {MaxRows}, not '{text}'.");
        return null;
    }

    private static T ParseChoice<T>(ArgumentResult result) where T : struct, Enum
    {
        var text = result.Tokens[0].Value;
        foreach (var value in Enum.GetValues<T>())
        {
            if (text.Equals(value.ToString(), StringComparison.OrdinalIgnoreCase)) return value;
        }

        result.AddError($"'{text}' is none of {string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant()}.");
        return default;
    }
}
