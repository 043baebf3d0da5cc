using System.Globalization;
using EdgeAI.Testing;
using ScottPlot;

namespace EdgeAI.Benchmarks.Simulation;

/// <summary>Draws how load moves between four simulated devices as one throttles and one vanishes and comes back.</summary>
internal static class RoutingPlot
{
    private const int Width = 960;
    private const int Height = 520;
    private const int PixelsPerPoint = 2;
    private const double Load = 1_000;
    private const double End = 45;
    private const double Slice = 0.5;
    private const string Font = "DejaVu Sans";

    // A viewer has fonts of its own; it places every letter, and Verdana's are as wide.
    private const string FontsInSvg = "DejaVu Sans, Verdana, sans-serif";

    private static readonly (double From, double To) _throttled = (8, 18);
    private static readonly (double From, double To) _gone = (25, 32);
    private static readonly (string Id, double Milliseconds, string Color)[] _devices = [("gpu", 2, "#1f6fb2"), ("npu", 4, "#d9822b"), ("igpu", 8, "#3a9d6e"), ("cpu", 24, "#8a6fb8")];

    /// <summary>Plays the scenario and writes the picture, as SVG or PNG by the file's name.</summary>
    public static void Write(string file)
    {
        var result = SchedulingSimulation.Run(Scenario());
        using var plot = Compose(result);
        if (Path.GetExtension(file) == ".png")
        {
            plot.ScaleFactor = PixelsPerPoint;
            plot.SavePng(file, Width * PixelsPerPoint, Height * PixelsPerPoint);
        }
        else
        {
            File.WriteAllText(file, plot.GetSvgXml(Width, Height).Replace($"font-family=\"{Font}\"", $"font-family=\"{FontsInSvg}\"", StringComparison.Ordinal));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file}: {result.Total.Submitted:N0} requests, {result.Total.Answered:N0} answered, {result.Plans.Sum(plan => plan.FailedOver):N0} moved on, p99 {result.Total.LatencyPercentile(0.99).TotalMilliseconds:F1} ms"));
    }

    private static SimulationOptions Scenario()
    {
        var options = new SimulationOptions { Duration = TimeSpan.FromSeconds(End), Slice = TimeSpan.FromSeconds(Slice), Model = { MaxBatch = 4 } };
        foreach (var (id, milliseconds, _) in _devices)
        {
            options.Plans.Add(new() { DeviceId = id, Latency = LatencyCurve.Linear(TimeSpan.FromMilliseconds(milliseconds), TimeSpan.FromMilliseconds(0.25 * milliseconds)), Jitter = 0.05 });
        }

        options.Plans[0].Slowdowns.Add((TimeSpan.FromSeconds(_throttled.From), 3));
        options.Plans[0].Slowdowns.Add((TimeSpan.FromSeconds(_throttled.To), 1));
        options.Plans[1].Absences.Add((TimeSpan.FromSeconds(_gone.From), TimeSpan.FromSeconds(_gone.To)));
        options.Traffic.Add(SimulatedTraffic.Poisson(Load));
        return options;
    }

    private static Plot Compose(SimulationResult result)
    {
        var plot = new Plot();
        plot.Font.Set(Font);
        var slices = (int)(End / Slice);

        // Steps: a line from the middle of one slice to that of the next would show a change before it happens.
        var times = Enumerable.Range(0, 2 * slices).Select(edge => (edge + 1) / 2 * Slice).ToArray();
        var below = new double[2 * slices];
        for (var i = 0; i < _devices.Length; i++)
        {
            var counts = result.Plans[i].AnsweredBySlice;
            var above = below.Select((bottom, edge) => bottom + (counts[edge / 2] / Slice)).ToArray();
            var area = plot.Add.FillY(times, below, above);
            area.FillColor = Color.FromHex(_devices[i].Color);
            area.LineWidth = 0;
            area.LegendText = _devices[i].Id;
            below = above;
        }

        Mark(plot, _throttled, "gpu 3x slower");
        Mark(plot, _gone, "npu lost");
        plot.Title("Requests routed among four simulated devices", size: 16);
        plot.XLabel("Time, s", size: 14);
        plot.YLabel("Requests answered by each device, per second", size: 14);
        plot.Axes.SetLimits(0, End, 0, 1.2 * Load);
        Decorate(plot);
        return plot;
    }

    private static void Mark(Plot plot, (double From, double To) time, string text)
    {
        var ink = Color.FromHex("#1d2a3a");
        foreach (var at in new[] { time.From, time.To }) plot.Add.VerticalLine(at, 1.2f, ink);
        var label = plot.Add.Text(text, (time.From + time.To) / 2, 1.16 * Load);
        label.LabelAlignment = Alignment.MiddleCenter;
        label.LabelFontSize = 14;
        label.LabelFontName = Font;
        label.LabelFontColor = ink;
    }

    private static void Decorate(Plot plot)
    {
        var ink = Color.FromHex("#1d2a3a");
        plot.FigureBackground.Color = Colors.White;
        plot.Axes.Color(ink);
        plot.Axes.Left.Label.Bold = false;
        plot.Axes.Bottom.Label.Bold = false;
        plot.Axes.Right.IsVisible = false;
        plot.Axes.Top.IsVisible = false;
        plot.Axes.Left.TickLabelStyle.FontSize = 13;
        plot.Axes.Bottom.TickLabelStyle.FontSize = 13;
        plot.Grid.MajorLineColor = Color.FromHex("#e6ebf1");
        plot.Legend.FontSize = 14;
        plot.Legend.FontColor = ink;
        plot.Legend.OutlineColor = Colors.Transparent;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.ShowLegend(Edge.Right);
    }
}
