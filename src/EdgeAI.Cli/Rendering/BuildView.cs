using EdgeAI.Cli.Output;
using Spectre.Console;

namespace EdgeAI.Cli.Rendering;

/// <summary>A build, for people.</summary>
internal static class BuildView
{
    public static void Render(IAnsiConsole console, BuildReport report)
    {
        var error = report.WeightError is { } share ? $", weight error {Quantities.Significant(100 * share)} %" : "";
        console.Write(new Text($"{PlainText.Clean(report.Output)}\n"));
        console.Write(new Text($"{report.Family}, {Quantities.Count(report.Parameters)} parameters in {Quantities.Bytes(report.WeightBytes)} as {report.Precision}{error}.\n"));
        console.Write(new Text($"A token takes {Quantities.Bytes(report.CacheBytesPerToken)} in the key-value cache, as {report.KeyValueCache}.\n"));
        console.Write(new Text($"Built in {Quantities.Significant(report.Seconds)} s with at most {Quantities.Bytes(report.PeakMemoryBytes)} of memory.\n"));
    }
}
