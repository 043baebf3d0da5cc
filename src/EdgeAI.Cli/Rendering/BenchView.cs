using EdgeAI.Cli.Output;
using Spectre.Console;

namespace EdgeAI.Cli.Rendering;

/// <summary>A measurement, for people.</summary>
internal static class BenchView
{
    public static void Render(IAnsiConsole console, BenchReport report)
    {
        var table = report.Baseline is null ? Tables.Create("", "EdgeAI").AlignRight(1) : Tables.Create("", "EdgeAI", "plain Run", "ratio").AlignRight(1, 2, 3);
        Add(table, "items/s", report.Throughput, report.Baseline?.Throughput, report.Ratio?.Throughput);
        Add(table, "p50, ms", report.LatencyMs.P50, report.Baseline?.LatencyMs.P50, report.Ratio?.P50);
        Add(table, "p90, ms", report.LatencyMs.P90, report.Baseline?.LatencyMs.P90, null);
        Add(table, "p95, ms", report.LatencyMs.P95, report.Baseline?.LatencyMs.P95, null);
        Add(table, "p99, ms", report.LatencyMs.P99, report.Baseline?.LatencyMs.P99, null);
        console.Write(table);

        var arrivals = report.Concurrency switch
        {
            null => "all queries at once",
            1 => "one client",
            var clients => $"{clients} clients",
        };
        var devices = string.Join(", ", report.Devices.Select(device => $"{Quantities.Count(device.Value)} on {device.Key}"));
        console.Write(new Text($"{report.Scenario}, {arrivals}: {Quantities.Count(report.Requests)} requests ({devices})\n"));
        console.Write(new Text($"{Quantities.Plural(report.Plan.Lanes, "lane")} of {Quantities.Plural(report.Plan.Threads, "thread")}, batches of up to {report.Plan.MaxBatch}; ready after {Quantities.Significant(report.PlanMs)} ms\n"));
        if (report.Rejected + report.Errors > 0) console.Write(new Text($"{Quantities.Count(report.Rejected)} rejected, {Quantities.Count(report.Errors)} failed\n", new Style(Color.Red)));
        if (report.Remark is not null) console.Write(new Text($"{report.Remark}\n", new Style(Color.Yellow)));
    }

    private static void Add(Table table, string name, double engine, double? baseline, double? ratio)
    {
        if (baseline is null) table.Row(name, Quantities.Significant(engine));
        else table.Row(name, Quantities.Significant(engine), Quantities.Significant(baseline.Value), ratio is null ? "" : $"{Quantities.Significant(ratio.Value)}x");
    }
}
