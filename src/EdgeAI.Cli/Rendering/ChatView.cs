using EdgeAI.Cli.Output;
using Spectre.Console;

namespace EdgeAI.Cli.Rendering;

/// <summary>What a chat says about itself, for people.</summary>
internal static class ChatView
{
    private static readonly Style _aside = new(decoration: Decoration.Dim);

    /// <summary>What can be typed.</summary>
    public static void Help(IAnsiConsole console)
    {
        var commands = Tables.Create("Type", "To");
        commands.Row("/system TEXT", "tell the model how to answer; without a text, see what it was told");
        commands.Row("/reset", "begin a new conversation");
        commands.Row("/stats", "see tokens and speed of the answers so far");
        commands.Row("/help", "see this");
        commands.Row("/exit", "leave, as Ctrl+D does");
        commands.Row("//TEXT", "say a text that begins with a slash");
        console.Write(commands);
        Aside(console, "Ctrl+C stops an answer.");
    }

    /// <summary>Tokens and speed of the answers so far.</summary>
    public static void Stats(IAnsiConsole console, IReadOnlyList<TurnReport> turns)
    {
        if (turns.Count == 0)
        {
            Aside(console, "No answer yet.");
            return;
        }

        var table = Tables.Create("Turn", "Prompt", "Reused", "Answer", "First token", "Tokens/s").AlignRight(0, 1, 2, 3, 4, 5);
        for (var i = 0; i < turns.Count; i++)
        {
            var turn = turns[i];
            table.Row($"{i + 1}", Quantities.Count(turn.PromptTokens), Quantities.Count(turn.CachedTokens), Quantities.Count(turn.Tokens), $"{Quantities.Significant(turn.TimeToFirstTokenMs)} ms", Speed(turn));
        }

        console.Write(table);
    }

    /// <summary>One line about an answer.</summary>
    public static string Summary(TurnReport turn) =>
        $"{Quantities.Plural(turn.Tokens, "token")} at {Speed(turn)} tokens/s, the first after {Quantities.Significant(turn.TimeToFirstTokenMs)} ms; "
        + $"{Quantities.Count(turn.CachedTokens)} of {Quantities.Plural(turn.PromptTokens, "prompt token")} reused{(turn.FinishReason switch { "length" => "; cut off at the most tokens allowed", null => "; stopped", _ => "" })}";

    /// <summary>A line that is not part of the conversation.</summary>
    public static void Aside(IAnsiConsole console, string text) => console.Write(new Text($"{PlainText.Clean(text)}\n", _aside));

    /// <summary>A piece of the model's thought.</summary>
    public static void Thought(IAnsiConsole console, string text) => console.Write(new Text(PlainText.CleanLines(text), _aside));

    private static string Speed(TurnReport turn) => turn.DecodeTokensPerSecond is { } speed ? Quantities.Significant(speed) : "-";
}
