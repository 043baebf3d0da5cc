using EdgeAI.Cli.Output;
using Spectre.Console;

namespace EdgeAI.Cli.Rendering;

/// <summary>How fast an answer came, for people, who have read the answer already.</summary>
internal static class GenerateView
{
    public static void Render(IAnsiConsole console, GenerateReport report)
    {
        console.Write(new Text($"{Quantities.Plural(report.Tokens.Count, "token")}{(report.FinishReason == "length" ? ", no more were asked for or had room" : "")}.\n"));
        if (report is { TimeToFirstTokenMs: { } first, PrefillTokensPerSecond: { } prefill })
        {
            console.Write(new Text($"First token after {Quantities.Significant(first)} ms: {Quantities.Significant(prefill)} of {Quantities.Plural(report.PromptTokens, "prompt token")} a second.\n"));
        }

        if (report.DecodeTokensPerSecond is { } decode) console.Write(new Text($"Then {Quantities.Significant(decode)} tokens a second.\n"));
    }
}
