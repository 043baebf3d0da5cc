using EdgeAI.Cli.Output;
using Spectre.Console;

namespace EdgeAI.Cli.Rendering;

/// <summary>A measurement, for people.</summary>
internal static class BenchView
{
    private const int BarWidth = 40;

    private static readonly Style _warning = new(Color.Yellow);

    public static void Render(IAnsiConsole console, BenchReport report)
    {
        RenderFigures(console, report);
        RenderBatches(console, report);

        Write(console, Describe(report));
        var settled = report.Settled ? "" : ", not settled";
        Write(console, $"{Quantities.Plural(report.Plan.Lanes, "lane")} of {Quantities.Plural(report.Plan.Threads, "thread")}, batches of up to {Quantities.Count(report.Plan.MaxBatch)}; ready after {Quantities.Significant(report.PlanMs)} ms{settled}");
        if (report.Batching is { } batching) Write(console, $"Batching is {(batching.Possible ? "" : "not ")}possible: {batching.Reason}");
        if (report.SenderLagMs is { } lag) Write(console, $"The sender was {Quantities.Significant(lag)} ms late at most{(report.Baseline?.SenderLagMs is { } plainLag ? $", {Quantities.Significant(plainLag)} ms beside plain Run" : "")}");
        RenderFailures(console, report);
        if (report.Plot is not null) Write(console, $"Plot: {report.Plot}");
        if (report.Remark is not null) Write(console, report.Remark, _warning);
    }

    private static void RenderFigures(IAnsiConsole console, BenchReport report)
    {
        var table = report.Baseline is null ? Tables.Create("", "EdgeAI").AlignRight(1) : Tables.Create("", "EdgeAI", "plain Run", "ratio").AlignRight(1, 2, 3);
        Add(table, "items/s", report.Throughput, report.Baseline?.Throughput, report.Ratio?.Throughput);
        if (report.Goodput is { } goodput) Add(table, $"in {Quantities.Significant(report.DeadlineMs ?? 0)} ms, items/s", goodput, report.Baseline?.Goodput, null);
        Add(table, "p50, ms", report.LatencyMs.P50, report.Baseline?.LatencyMs.P50, report.Ratio?.P50);
        Add(table, "p90, ms", report.LatencyMs.P90, report.Baseline?.LatencyMs.P90, null);
        Add(table, "p95, ms", report.LatencyMs.P95, report.Baseline?.LatencyMs.P95, null);
        Add(table, "p99, ms", report.LatencyMs.P99, report.Baseline?.LatencyMs.P99, null);
        console.Write(table);
    }

    // Bars of our own: characters that a file holds as well as a terminal.
    private static void RenderBatches(IAnsiConsole console, BenchReport report)
    {
        if (report.BatchSizes.Keys.All(size => size <= 1)) return;
        var bins = BatchHistogram.Bin(report.BatchSizes);
        var most = bins.Max(bin => bin.Value);
        var table = Tables.Create("batch", "requests", "").AlignRight(0, 1);
        foreach (var (label, count) in bins) table.Row(label, Quantities.Count(count), new string('█', (int)Math.Ceiling((double)count * BarWidth / most)));
        console.Write(table);
    }

    private static void RenderFailures(IAnsiConsole console, BenchReport report)
    {
        var refusals = report.RefusalMs is { } refusal ? $" (told after {Quantities.Significant(refusal.P50)} ms at p50, {Quantities.Significant(refusal.P99)} at p99)" : "";
        if (report.Rejected + report.Errors > 0) Write(console, $"{Quantities.Count(report.Rejected)} rejected{refusals}, {Quantities.Count(report.Errors)} failed", new Style(Color.Red));
        if (report.Baseline is { } plain && plain.Rejected + plain.Errors > 0) Write(console, $"plain Run: {Quantities.Count(plain.Rejected)} rejected, {Quantities.Count(plain.Errors)} failed", new Style(Color.Red));
    }

    private static string Describe(BenchReport report)
    {
        var arrivals = report switch
        {
            { Rate: { } rate } => $"{Quantities.Significant(rate)} queries/s at random times",
            { Samples: > 1 } => $"queries of {report.Samples} requests",
            { Concurrency: null } => "all queries at once",
            { Concurrency: 1 } => "one client",
            { Concurrency: { } clients } => $"{clients} clients",
        };
        var devices = string.Join(", ", report.Devices.Select(device => $"{Quantities.Count(device.Value)} on {device.Key}"));
        return $"{report.Scenario}, {arrivals}: {Quantities.Plural(report.Requests, "request")} ({devices})";
    }

    private static void Write(IAnsiConsole console, string line, Style? style = null) => console.Write(new Text($"{PlainText.Clean(line)}\n", style));

    private static void Add(Table table, string name, double engine, double? baseline, double? ratio)
    {
        if (baseline is null) table.Row(name, Quantities.Significant(engine));
        else table.Row(name, Quantities.Significant(engine), Quantities.Significant(baseline.Value), ratio is null ? "" : $"{Quantities.Significant(ratio.Value)}x");
    }
}
