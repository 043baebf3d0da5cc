using System.Globalization;
using EdgeAI.Cli.CommandLine;
using EdgeAI.Cli.Output;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace EdgeAI.Cli.Plotting;

/// <summary>
/// Draws rooflines (Williams, Waterman and Patterson 2009): what a device reaches over how much it computes with each byte. Under the slope memory is the
/// limit, under the ceiling arithmetic. Measured products of matrices lie under both, a point for each number of rows; their weights come from caches.
/// </summary>
internal static class RooflinePlot
{
    private const double Giga = 1e9;
    private const double Beyond = 4;
    private static readonly string[] _types = ["float32", "int8", "int4"];
    private static readonly double[] _bytesOf = [4, 1, 0.5];
    private static readonly Color[] _colors = [Color.FromHex("#1f6fb2"), Color.FromHex("#d9822b"), Color.FromHex("#2e8b57")];
    private static readonly Color _slope = Color.FromHex("#1d2a3a");

    /// <summary>Draws the devices that were measured.</summary>
    /// <param name="devices">The devices.</param>
    /// <param name="format">What the picture is made of.</param>
    /// <returns>The content of a file.</returns>
    /// <exception cref="ToolException">No device has a bandwidth and a product, or the drawing library does not load on this machine.</exception>
    public static byte[] Draw(IReadOnlyList<DeviceReport> devices, PlotFormat format)
    {
        DeviceReport[] measured = [.. devices.Where(device => device.Profile is { ReadBandwidth: not null, Gemm.Count: > 0 })];
        if (measured.Length == 0) throw new ToolException("There is nothing to plot: no device gave a read bandwidth and a matrix product.");
        return PlotStyle.Draw(() => Compose(measured), format);
    }

    private static Plot Compose(DeviceReport[] devices)
    {
        var plot = new Plot();
        PlotStyle.Label(plot, $"Roofline of {string.Join(", ", devices.Select(device => device.Id))}", "Operations per byte of weights read", "Gflop/s");
        (double X, double Y)[] points = [.. devices.SelectMany(device => device.Profile!.Gemm).Select(rate => (IntensityOf(rate), rate.Flops / Giga))];
        var (left, right) = (LatencyAxis.Floor(points.Min(point => point.X) / 1.2), LatencyAxis.Ceiling(points.Max(point => point.X) * 1.2));
        var top = LatencyAxis.Ceiling(1.2 * points.Max(point => point.Y));
        var bottom = LatencyAxis.Floor(Math.Min(points.Min(point => point.Y), devices.Min(device => device.Profile!.ReadBandwidth!.Value / Giga * left)) / 1.2);
        for (var index = 0; index < devices.Length; index++) Add(plot, devices[index], strength: 1 - (0.6 * index / devices.Length), prefix: devices.Length > 1 ? $"{devices[index].Id}, " : "", left, right, top);
        plot.Axes.SetLimits(Math.Log10(left), Math.Log10(right), Math.Log10(bottom), Math.Log10(top));
        plot.Axes.Bottom.TickGenerator = new NumericManual([.. LatencyAxis.Ticks(left, right)]);
        plot.Axes.Left.TickGenerator = new NumericManual([.. LatencyAxis.Ticks(bottom, top)]);
        PlotStyle.Decorate(plot);
        return plot;
    }

    private static void Add(Plot plot, DeviceReport device, double strength, string prefix, double left, double right, double top)
    {
        Color Shade(Color color) => Colors.White.MixedWith(color, strength);
        var profile = device.Profile!;
        var bandwidth = profile.ReadBandwidth!.Value / Giga;
        AddSlope("memory", bandwidth, Shade(_slope));
        if (profile.ReadRates.Count > 0) AddSlope("caches", profile.ReadRates.Max(rate => rate.BytesPerSecond) / Giga, Shade(Colors.White.MixedWith(_slope, 0.35)));
        for (var index = 0; index < _types.Length; index++)
        {
            GemmReport[] rates = [.. profile.Gemm.Where(rate => rate.Type == _types[index]).OrderBy(rate => rate.Rows)];
            if (rates.Length == 0) continue;
            var peak = rates.Max(rate => rate.Flops) / Giga;
            var ceiling = plot.Add.Line(Math.Log10(Math.Max(left, peak / bandwidth / Beyond)), Math.Log10(peak), Math.Log10(right), Math.Log10(peak));
            ceiling.LineColor = Shade(Colors.White.MixedWith(_colors[index], 0.45));
            ceiling.LineWidth = 2;
            var curve = plot.Add.Scatter(rates.Select(rate => Math.Log10(IntensityOf(rate))).ToArray(), rates.Select(rate => Math.Log10(rate.Flops / Giga)).ToArray());
            curve.Color = Shade(_colors[index]);
            curve.LineWidth = 2.5f;
            curve.MarkerShape = MarkerShape.FilledCircle;
            curve.MarkerSize = 8;
            curve.LegendText = string.Create(CultureInfo.InvariantCulture, $"{prefix}{_types[index]}, {string.Join(" ", rates.Select(rate => rate.Rows))} rows");
        }

        void AddSlope(string name, double rate, Color color)
        {
            var end = Math.Min(right, top / rate);
            var slope = plot.Add.Line(Math.Log10(left), Math.Log10(left * rate), Math.Log10(end), Math.Log10(end * rate));
            slope.LineColor = color;
            slope.LineWidth = 2;
            slope.LegendText = string.Create(CultureInfo.InvariantCulture, $"{prefix}{name}, {rate:0.#} GB/s");
        }
    }

    /// <summary>Each weight serves one multiplication and one addition a row.</summary>
    private static double IntensityOf(GemmReport rate)
    {
        var type = Array.IndexOf(_types, rate.Type);
        return 2 * rate.Rows / (type < 0 ? 1 : _bytesOf[type]);
    }
}
