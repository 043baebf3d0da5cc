using System.CommandLine;
using System.CommandLine.Parsing;
using EdgeAI.Cli.CommandLine;
using EdgeAI.Cli.Plotting;

namespace EdgeAI.Cli.Commands;

/// <summary>The options by which devices are measured.</summary>
internal sealed class ProfileArguments
{
    private readonly Option<bool> _profile = new("--profile") { Description = "Measure each device, at most about 15 s; what was measured before with the same versions is shown again" };
    private readonly Option<bool> _full = new("--full") { Description = "Load each device for a minute more, to see what rate it sustains; implies --profile" };
    private readonly Option<bool> _refresh = new("--refresh") { Description = "Measure again; implies --profile" };
    private readonly Option<string?> _plot = new Option<string?>("--plot") { HelpName = "FILE.svg", Description = "Draw a roofline of the devices as .svg or .png; implies --profile" }.NotEmpty();

    public ProfileArguments() => _plot.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<string?>() is { } file && PlotFile.FormatOf(file) is null) result.AddError($"--plot {file}: name a file that ends in .svg or .png.");
    });

    public void AddTo(Command command)
    {
        command.Add(_profile);
        command.Add(_full);
        command.Add(_refresh);
        command.Add(_plot);
    }

    public bool AreGiven(CommandResult result) => result.GetValue(_profile) || result.GetValue(_full) || result.GetValue(_refresh) || result.GetValue(_plot) is not null;

    public PlotFile? CreatePlot(ParseResult arguments) => arguments.GetValue(_plot) is { } file ? PlotFile.Create(file) : null;

    /// <summary>What to measure; <see langword="null"/> for nothing.</summary>
    public DeviceEvaluationOptions? OptionsFor(ToolHost host, ParseResult arguments) => !AreGiven(arguments.CommandResult) ? null : new DeviceEvaluationOptions
    {
        Sustained = arguments.GetValue(_full),
        Refresh = arguments.GetValue(_refresh),
        Progress = new LineProgress(host.Error),
    };

    /// <summary>A line each, at once: <see cref="Progress{T}"/> would write some after the result.</summary>
    private sealed class LineProgress(TextWriter error) : IProgress<string>
    {
        public void Report(string value) => error.WriteLine($"measuring: {value}");
    }
}
