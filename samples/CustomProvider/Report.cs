using System.Globalization;
using EdgeAI.Samples.Neuromorphic;
using Spectre.Console;

namespace EdgeAI.Samples.CustomProvider;

/// <summary>What the user sees.</summary>
internal static class Report
{
    public static void Devices(IReadOnlyList<DeviceSnapshot> devices)
    {
        Headline("Devices");
        var table = new Table().RoundedBorder().AddColumns("Id", "Kind", "Name", "Memory");
        foreach (var (info, _, _) in devices)
        {
            table.AddRow(Markup.Escape(info.Id), Markup.Escape($"{info.Kind}"), Markup.Escape(info.Name), info.MemoryBytes is { } bytes ? Invariant($"{bytes / (double)(1L << 20):N0} MiB") : "-");
        }

        AnsiConsole.Write(table);
    }

    public static void Digits(IEnumerable<Comparison> comparisons)
    {
        Headline("The same digits on both devices");
        var table = new Table().RoundedBorder();
        foreach (var name in (ReadOnlySpan<string>)["Painted", "CPU", "Neuromorphic", "Largest difference"]) table.AddColumn(new TableColumn(name).RightAligned());
        foreach (var comparison in comparisons)
        {
            table.AddRow(
                Invariant($"{comparison.Painted.Digit}"),
                Invariant($"{comparison.Cpu.Digit}"),
                Invariant($"{comparison.Neuromorphic.Digit}"),
                Invariant($"{comparison.Difference:0.0E+0}"));
        }

        AnsiConsole.Write(table);
    }

    public static void Agreement(IReadOnlyCollection<Comparison> comparisons, float tolerance)
    {
        var same = comparisons.Count(comparison => comparison.Cpu.Digit == comparison.Neuromorphic.Digit);
        var most = comparisons.Max(comparison => comparison.Difference);
        AnsiConsole.MarkupLine(Invariant($"Same digit: [bold]{same} of {comparisons.Count}[/]. Largest difference of a probability: {most:0.0E+0} (allowed: {tolerance:0E+0})."));
        AnsiConsole.WriteLine();
    }

    public static void Places(IEnumerable<Reading> readings)
    {
        Headline("Where requests ran");
        var table = new Table().RoundedBorder().AddColumn("Device").AddColumn(new TableColumn("Requests").RightAligned());
        foreach (var place in readings.CountBy(reading => reading.DeviceId).OrderBy(place => place.Key, StringComparer.Ordinal))
        {
            table.AddRow(Markup.Escape(place.Key), Invariant($"{place.Value}"));
        }

        AnsiConsole.Write(table);
    }

    public static void Activity(SynapticActivity activity)
    {
        Headline("What the neurons did");
        AnsiConsole.MarkupLine(Invariant(
            $"{activity.Runs} runs, {activity.Operations / (double)activity.Runs:N0} synaptic operations each: {100.0 * activity.Operations / activity.PossibleOperations:F0} % of a dense run."));
        AnsiConsole.MarkupLine(Invariant(
            $"At {SynapticActivity.ToyPicojoulesPerOperation:F0} pJ each, [bold]a toy figure[/]: {1e6 * activity.ToyJoules / activity.Runs:F1} µJ a run."));
    }

    private static void Headline(string text) => AnsiConsole.Write(new Rule($"[bold]{text}[/]").LeftJustified());

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
