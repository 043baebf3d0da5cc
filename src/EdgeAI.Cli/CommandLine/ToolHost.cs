using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using EdgeAI.Cli.Output;
using EdgeAI.Cli.Rendering;
using Spectre.Console;

namespace EdgeAI.Cli.CommandLine;

/// <summary>What every verb shares: where input comes from and results, progress and errors go, the clock, and the options of all verbs.</summary>
internal sealed class ToolHost(TextWriter output, TextWriter error, TimeProvider timeProvider, TextReader? input = null)
{
    private IAnsiConsole? _progress;

    public Option<bool> Json { get; } = new("--json") { Description = "Write one JSON object to stdout and nothing else", Recursive = true };

    public Option<bool> Verbose { get; } = new("--verbose") { Description = "Log to stderr, and show where an error came from", Recursive = true };

    public TextWriter Output => output;

    public TextWriter Error => error;

    /// <summary>What the user says.</summary>
    public TextReader Input { get; } = input ?? Console.In;

    /// <summary>Whether somebody types the input, rather than a file or another program.</summary>
    public bool IsInteractive { get; } = input is null && !Console.IsInputRedirected;

    public TimeProvider TimeProvider => timeProvider;

    /// <summary>Where progress is shown: stderr, so that stdout holds results alone. Created at first use: it costs start-up time.</summary>
    public IAnsiConsole Progress => _progress ??= Consoles.For(error);

    /// <summary>Writes a result: as JSON where asked for, as text for people otherwise.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="report">The result.</param>
    /// <param name="json">How it becomes JSON.</param>
    /// <param name="render">How people read it.</param>
    public void Write<TReport>(ParseResult arguments, TReport report, JsonTypeInfo<TReport> json, Action<IAnsiConsole, TReport> render)
    {
        if (arguments.GetValue(Json)) JsonOutput.Write(output, report, json);
        else render(Consoles.For(output), report);
    }
}
