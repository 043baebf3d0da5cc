using System.Globalization;
using ScottPlot;

namespace EdgeAI.Cli.Plotting;

/// <summary>A logarithmic axis of milliseconds, labelled at 1, 2 and 5 of every power of ten, or at the powers alone where it spans many. Pure.</summary>
internal static class LatencyAxis
{
    private const int ManyDecades = 3;
    private static readonly int[] _steps = [1, 2, 5];

    /// <summary>The label at or below a value.</summary>
    public static double Floor(double value) => Labels(value / 10, value).Last(label => label <= value * (1 + 1e-9));

    /// <summary>The label at or above a value.</summary>
    public static double Ceiling(double value) => Labels(value, value * 10).First(label => label >= value * (1 - 1e-9));

    /// <summary>Ticks for the logarithms of values between two labels.</summary>
    public static IEnumerable<Tick> Ticks(double bottom, double top)
    {
        var isWide = Math.Log10(top / bottom) > ManyDecades;
        foreach (var label in Labels(bottom, top).Where(label => label >= bottom * (1 - 1e-9) && label <= top * (1 + 1e-9)))
        {
            yield return isWide && !IsPowerOfTen(label) ? Tick.Minor(Math.Log10(label)) : Tick.Major(Math.Log10(label), label.ToString("#,0.######", CultureInfo.InvariantCulture));
        }
    }

    private static IEnumerable<double> Labels(double from, double to)
    {
        for (var power = (int)Math.Floor(Math.Log10(from)); power <= (int)Math.Ceiling(Math.Log10(to)); power++)
        {
            foreach (var step in _steps) yield return step * Math.Pow(10, power);
        }
    }

    private static bool IsPowerOfTen(double value)
    {
        var power = Math.Log10(value);
        return Math.Abs(power - Math.Round(power)) < 1e-9;
    }
}
