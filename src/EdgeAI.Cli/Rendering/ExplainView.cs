using EdgeAI.Cli.Output;
using Spectre.Console;

namespace EdgeAI.Cli.Rendering;

/// <summary>Where a model would run, for people.</summary>
internal static class ExplainView
{
    public static void Render(IAnsiConsole console, ExplainReport report)
    {
        var candidates = Tables.Create("Device", "Predicted", "From", "To", "Reason").AlignRight(1, 2, 3);
        foreach (var candidate in report.Candidates) candidates.Row(candidate.Device, Duration(candidate.PredictedMs), Duration(candidate.LowerMs), Duration(candidate.UpperMs), candidate.Reason);
        console.Write(candidates);

        var families = Tables.Create("Operators", "Nodes", "Mflop", "Weights", "Read", "Written").AlignRight(1, 2, 3, 4, 5);
        foreach (var family in report.Cost.Families)
        {
            families.Row(family.Family, Quantities.Count(family.Nodes), Quantities.Significant(family.Flops / 1e6), Bytes(family.WeightBytes), Bytes(family.BytesRead), Bytes(family.BytesWritten));
        }

        console.Write(families);
        foreach (var note in report.Candidates.SelectMany(candidate => candidate.Notes.Select(note => $"{candidate.Device}: {note}")).Distinct()) console.Write(new Text($"{PlainText.Clean(note)}\n"));
        foreach (var note in report.Cost.Notes) console.Write(new Text($"Assumed: {PlainText.Clean(note)}\n"));
        foreach (var unknown in report.Cost.Unknown) console.Write(new Text($"Not counted: {PlainText.Clean(unknown)}\n", new Style(Color.Yellow)));
        console.Write(new Text(report.Chosen is { } chosen ? $"Chosen by {report.Policy}: {chosen}\n" : "No device can run it.\n"));
    }

    private static string? Duration(double? milliseconds) => milliseconds is { } known ? $"{Quantities.Significant(known)} ms" : null;

    private static string Bytes(double bytes) => Quantities.Bytes((long)Math.Min(bytes, long.MaxValue / 2));
}
