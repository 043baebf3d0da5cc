using System.Globalization;
using System.Text;
using EdgeAI.Cli.CommandLine;
using EdgeAI.Cli.Output;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace EdgeAI.Cli.Plotting;

/// <summary>Draws latency over throughput: one colour a side, one shade and marker a percentile.</summary>
internal static class LatencyPlot
{
    private const int Width = 960;
    private const int Height = 600;
    private const int PixelsPerPoint = 2;

    // Free space beyond the outermost points, as a share.
    private const double Margin = 0.05;
    private const double FarAway = 10;

    // Where it is missing, the system's own is drawn.
    private const string Font = "DejaVu Sans";

    // An SVG is drawn by a viewer with fonts of its own. It places every letter, and Verdana's are as wide.
    private const string FontsInSvg = "DejaVu Sans, Verdana, sans-serif";

    private static readonly Color _ink = Color.FromHex("#1d2a3a");
    private static readonly Color _grid = Color.FromHex("#e6ebf1");
    private static readonly Color _deadline = Color.FromHex("#b3261e");
    private static readonly Color _engine = Color.FromHex("#1f6fb2");
    private static readonly Color _plain = Color.FromHex("#d9822b");

    /// <summary>Draws a measured curve.</summary>
    /// <param name="report">With a curve.</param>
    /// <param name="model">The model's name, for the title.</param>
    /// <param name="format">What the picture is made of.</param>
    /// <returns>The content of a file.</returns>
    /// <exception cref="ToolException">The drawing library does not load on this machine.</exception>
    public static byte[] Draw(BenchReport report, string model, PlotFormat format)
    {
        try
        {
            using var plot = Compose(report, report.Curve!, model);
            if (format == PlotFormat.Svg) return Encoding.UTF8.GetBytes(plot.GetSvgXml(Width, Height).Replace($"font-family=\"{Font}\"", $"font-family=\"{FontsInSvg}\"", StringComparison.Ordinal));
            plot.ScaleFactor = PixelsPerPoint;
            return plot.GetImageBytes(Width * PixelsPerPoint, Height * PixelsPerPoint, ImageFormat.Png);
        }
        catch (Exception error) when (error is DllNotFoundException or TypeInitializationException or BadImageFormatException)
        {
            throw new ToolException($"The plot cannot be drawn: {error.GetBaseException().Message}", error);
        }
    }

    private static Plot Compose(BenchReport report, CurveReport curve, string model)
    {
        var plot = new Plot();
        AddSide(plot, "EdgeAI", _engine, curve.Engine);
        if (curve.Baseline is { } baseline) AddSide(plot, "plain Run", _plain, baseline);
        if (report.DeadlineMs is { } deadline) AddDeadline(plot, deadline);

        var plan = report.Plan;
        plot.Font.Set(Font);
        plot.Title(string.Create(CultureInfo.InvariantCulture, $"{model}: {Plural(plan.Lanes, "lane")} of {Plural(plan.Threads, "thread")}, batches of up to {plan.MaxBatch:N0} ({string.Join(", ", report.Devices.Keys)})"), size: 16);
        plot.XLabel("Throughput reached, items per second", size: 14);
        plot.YLabel("Latency from the scheduled arrival, ms", size: 14);
        Scale(plot, curve, report.DeadlineMs);
        Decorate(plot);
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

    private static void Decorate(Plot plot)
    {
        plot.FigureBackground.Color = Colors.White;
        plot.Axes.Color(_ink);
        plot.Axes.Left.Label.Bold = false;
        plot.Axes.Bottom.Label.Bold = false;
        plot.Axes.Right.IsVisible = false;
        plot.Axes.Top.IsVisible = false;
        plot.Axes.Left.TickLabelStyle.FontSize = 13;
        plot.Axes.Bottom.TickLabelStyle.FontSize = 13;
        plot.Grid.MajorLineColor = _grid;
        plot.Grid.MajorLineWidth = 1;
        plot.Legend.FontSize = 13;
        plot.Legend.FontColor = _ink;
        plot.Legend.OutlineColor = Colors.Transparent;
        plot.Legend.ShadowColor = Colors.Transparent;

        // Beside the curves: over them it would hide the points that matter. Without an entry it would take the whole picture.
        if (plot.PlottableList.Count > 0) plot.ShowLegend(Edge.Right);
    }

    private static string Plural(int count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");
}
