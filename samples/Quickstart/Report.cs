using System.Globalization;
using Spectre.Console;

namespace EdgeAI.Samples.Quickstart;

/// <summary>What the user sees.</summary>
internal static class Report
{
    private const int DigitsInRow = 3;

    public static void Devices(IReadOnlyList<DeviceSnapshot> devices)
    {
        Headline("Devices");
        var table = new Table().RoundedBorder().AddColumns("Id", "Name", "Threads", "Memory");
        foreach (var (info, _, _) in devices)
        {
            table.AddRow(
                Markup.Escape(info.Id),
                Markup.Escape(info.Name),
                info.Parallelism?.ToString(CultureInfo.InvariantCulture) ?? "-",
                info.MemoryBytes is { } bytes ? Invariant($"{bytes / (double)(1L << 30):F1} GiB") : "-");
        }

        AnsiConsole.Write(table);
    }

    public static void Digits(IEnumerable<Answer> answers)
    {
        Headline("What the engine read");
        var terminal = AnsiConsole.Profile.Capabilities;
        var grid = new Grid();
        for (var i = 0; i < DigitsInRow; i++) grid.AddColumn(new GridColumn().Width(DigitView.Columns).PadRight(i < DigitsInRow - 1 ? 1 : 0));
        foreach (var row in answers.Chunk(DigitsInRow))
        {
            grid.AddRow([.. row.Select(answer => DigitView.Draw(answer.Painted.Pixels, terminal))]);
            grid.AddRow([.. row.Select(Caption)]);
        }

        AnsiConsole.Write(grid);
    }

    public static void Accuracy(IReadOnlyCollection<Answer> answers)
    {
        var share = (double)answers.Count(answer => answer.IsCorrect) / answers.Count;
        AnsiConsole.MarkupLine(Invariant($"Accuracy over {answers.Count:N0} digits: [bold]{100 * share:F1} %[/]"));
        AnsiConsole.WriteLine();
    }

    public static void Loads(IEnumerable<(int Clients, LoadMeasurement Measured)> loads)
    {
        Headline("Throughput and latency");
        var table = new Table().RoundedBorder();
        foreach (var name in (ReadOnlySpan<string>)["Concurrency", "Digits/s", "p50 (ms)", "p95 (ms)"]) table.AddColumn(new TableColumn(name).RightAligned());
        foreach (var (clients, measured) in loads)
        {
            table.AddRow(
                Invariant($"{clients}"),
                Invariant($"{measured.PerSecond:N0}"),
                Invariant($"{measured.Median.TotalMilliseconds:F3}"),
                Invariant($"{measured.Percentile95.TotalMilliseconds:F3}"));
        }

        AnsiConsole.Write(table);
    }

    private static Markup Caption(Answer answer)
    {
        var text = Invariant($"[bold]{answer.Reading.Digit}[/]  {100 * answer.Reading.Confidence:F1} %");
        return new Markup(answer.IsCorrect ? $"[green]{text}[/]\n" : Invariant($"[red]{text}[/]\nit was a {answer.Painted.Digit}"));
    }

    private static void Headline(string text) => AnsiConsole.Write(new Rule($"[bold]{text}[/]").LeftJustified());

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
