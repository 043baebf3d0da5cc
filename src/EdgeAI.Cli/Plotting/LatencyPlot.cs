using System.Globalization;
using EdgeAI.Cli.CommandLine;
using EdgeAI.Cli.Output;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace EdgeAI.Cli.Plotting;

/// <summary>Draws latency over throughput: one colour a side, one shade and marker a percentile.</summary>
internal static class LatencyPlot
{
    // Free space beyond the outermost points, as a share.
    private const double Margin = 0.05;
    private const double FarAway = 10;

    private static readonly Color _deadline = Color.FromHex("#b3261e");
    private static readonly Color _engine = Color.FromHex("#1f6fb2");
    private static readonly Color _plain = Color.FromHex("#d9822b");

    /// <summary>Draws a measured curve.</summary>
    /// <param name="report">With a curve.</param>
    /// <param name="model">The model's name, for the title.</param>
    /// <param name="format">What the picture is made of.</param>
    /// <returns>The content of a file.</returns>
    /// <exception cref="ToolException">The drawing library does not load on this machine.</exception>
    public static byte[] Draw(BenchReport report, string model, PlotFormat format) => PlotStyle.Draw(() => Compose(report, report.Curve!, model), format);

    private static Plot Compose(BenchReport report, CurveReport curve, string model)
    {
        var plot = new Plot();
        AddSide(plot, "EdgeAI", _engine, curve.Engine);
        if (curve.Baseline is { } baseline) AddSide(plot, "plain Run", _plain, baseline);
        if (report.DeadlineMs is { } deadline) AddDeadline(plot, deadline);

        var plan = report.Plan;
        PlotStyle.Label(
            plot,
            string.Create(CultureInfo.InvariantCulture, $"{model}: {Plural(plan.Lanes, "lane")} of {Plural(plan.Threads, "thread")}, batches of up to {plan.MaxBatch:N0} ({string.Join(", ", report.Devices.Keys)})"),
            "Throughput reached, items per second",
            "Latency from the scheduled arrival, ms");
        Scale(plot, curve, report.DeadlineMs);
        PlotStyle.Decorate(plot);
        return plot;
    }

    private static void AddSide(Plot plot, string side, Color color, IReadOnlyList<CurvePointReport> points)
    {
        CurvePointReport[] answered = [.. points.Where(point => point.LatencyMs.P50 > 0)];
        if (answered.Length == 0) return;
        Add("p99", 0.4, MarkerShape.FilledTriangleUp, latency => latency.P99);
        Add("p95", 0.65, MarkerShape.FilledSquare, latency => latency.P95);
        Add("p50", 1, MarkerShape.FilledCircle, latency => latency.P50);

        void Add(string percentile, double strength, MarkerShape marker, Func<LatencyReport, double> of)
        {
            var line = plot.Add.Scatter(answered.Select(point => point.Throughput).ToArray(), answered.Select(point => Math.Log10(of(point.LatencyMs))).ToArray());

            // Mixed with white, not transparent: lines that cross stay readable. Dashes are left out because the SVG writer complains about them.
            line.Color = Colors.White.MixedWith(color, strength);
            line.LineWidth = 2.5f;
            line.MarkerShape = marker;
            line.MarkerSize = 8;
            line.LegendText = $"{side}, {percentile}";
        }
    }

    private static void AddDeadline(Plot plot, double milliseconds)
    {
        var line = plot.Add.HorizontalLine(Math.Log10(milliseconds), 1.2f, _deadline);
        line.LegendText = string.Create(CultureInfo.InvariantCulture, $"deadline, {milliseconds:0.###} ms");
    }

    private static void Scale(Plot plot, CurveReport curve, double? deadline)
    {
        CurvePointReport[] points = [.. curve.Engine.Concat(curve.Baseline ?? []).Where(point => point.LatencyMs.P50 > 0)];
        if (points.Length == 0) return;
        var bottom = LatencyAxis.Floor(points.Min(point => point.LatencyMs.P50) * (1 - Margin));
        var highest = points.Max(point => point.LatencyMs.P99);

        // A deadline far above all latencies would press the curves together, and says little.
        if (deadline is { } limit && limit < highest * FarAway) highest = Math.Max(highest, limit);
        var top = LatencyAxis.Ceiling(highest * (1 + Margin));
        plot.Axes.SetLimits(0, points.Max(point => point.Throughput) * (1 + Margin), Math.Log10(bottom), Math.Log10(top));
        plot.Axes.Left.TickGenerator = new NumericManual([.. LatencyAxis.Ticks(bottom, top)]);
        plot.Axes.Bottom.TickGenerator = new NumericAutomatic { LabelFormatter = value => value.ToString("#,0.##", CultureInfo.InvariantCulture) };
    }

    private static string Plural(int count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");
}
