using EdgeAI.Cli.Output;
using Spectre.Console;

namespace EdgeAI.Cli.Rendering;

/// <summary>Tokens, for people.</summary>
internal static class TokenizeView
{
    public static void Render(IAnsiConsole console, TokenizeReport report)
    {
        var results = Tables.Create("Text", "Count", "Tokens").AlignRight(1);
        foreach (var result in report.Results) results.Row(PlainText.Clean(result.Decoded), Quantities.Count(result.Tokens.Count), string.Join(' ', result.Tokens));
        console.Write(results);
    }
}
