using System.Text;
using EdgeAI.Cli.CommandLine;
using ScottPlot;

namespace EdgeAI.Cli.Plotting;

/// <summary>How every picture of the tool looks, and how it becomes a file.</summary>
internal static class PlotStyle
{
    private const int Width = 960;
    private const int Height = 600;
    private const int PixelsPerPoint = 2;

    // Where it is missing, the system's own is drawn.
    private const string Font = "DejaVu Sans";

    // An SVG is drawn by a viewer with fonts of its own. It places every letter, and Verdana's are as wide.
    private const string FontsInSvg = "DejaVu Sans, Verdana, sans-serif";

    private static readonly Color _ink = Color.FromHex("#1d2a3a");
    private static readonly Color _grid = Color.FromHex("#e6ebf1");

    /// <summary>Composes and draws a picture.</summary>
    /// <param name="compose">Makes the plot.</param>
    /// <param name="format">What the picture is made of.</param>
    /// <returns>The content of a file.</returns>
    /// <exception cref="ToolException">The drawing library does not load on this machine.</exception>
    public static byte[] Draw(Func<Plot> compose, PlotFormat format)
    {
        try
        {
            using var plot = compose();
            if (format == PlotFormat.Svg) return Encoding.UTF8.GetBytes(plot.GetSvgXml(Width, Height).Replace($"font-family=\"{Font}\"", $"font-family=\"{FontsInSvg}\"", StringComparison.Ordinal));
            plot.ScaleFactor = PixelsPerPoint;
            return plot.GetImageBytes(Width * PixelsPerPoint, Height * PixelsPerPoint, ImageFormat.Png);
        }
        catch (Exception error) when (error is DllNotFoundException or TypeInitializationException or BadImageFormatException)
        {
            throw new ToolException($"The plot cannot be drawn: {error.GetBaseException().Message}", error);
        }
    }

    /// <summary>Sets title and labels in the tool's letters. Call before other texts are added.</summary>
    public static void Label(Plot plot, string title, string x, string y)
    {
        plot.Font.Set(Font);
        plot.Title(title, size: 16);
        plot.XLabel(x, size: 14);
        plot.YLabel(y, size: 14);
    }

    /// <summary>Colours, grid and legend. Call last.</summary>
    public static void Decorate(Plot plot)
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
}
