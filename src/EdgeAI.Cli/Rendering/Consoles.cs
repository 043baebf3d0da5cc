using Spectre.Console;

namespace EdgeAI.Cli.Rendering;

/// <summary>Consoles for people: colours and live progress on a terminal, plain text elsewhere.</summary>
internal static class Consoles
{
    private const int PlainWidth = 80;

    /// <param name="writer">Where the text goes.</param>
    public static IAnsiConsole For(TextWriter writer)
    {
        var output = new AnsiConsoleOutput(writer);
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = output,
            Ansi = output.IsTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = output.IsTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = output.IsTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        });

        // A file or pipe has no width: take that of a narrow terminal.
        if (!output.IsTerminal) console.Profile.Width = PlainWidth;
        return console;
    }
}
