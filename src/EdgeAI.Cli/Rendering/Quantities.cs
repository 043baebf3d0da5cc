using System.Globalization;

namespace EdgeAI.Cli.Rendering;

/// <summary>Numbers as people read them.</summary>
internal static class Quantities
{
    private static readonly string[] _units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <summary>Such as <c>1.5 GiB</c>; a dash where unknown.</summary>
    public static string Bytes(long? bytes)
    {
        if (bytes is null) return "-";
        double amount = bytes.Value;
        var unit = 0;
        while (amount >= 1024)
        {
            amount /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{(unit == 0 ? amount.ToString("0", CultureInfo.InvariantCulture) : Significant(amount))} {_units[unit]}");
    }

    /// <summary>Such as <c>25,530,472</c>.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Such as <c>1 lane</c> or <c>2 lanes</c>.</summary>
    public static string Plural(long count, string noun) => $"{Count(count)} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>Three digits that count, and never fewer than the integer part has: <c>0.0123</c>, <c>1.23</c>, <c>123</c>, <c>12,345</c>.</summary>
    public static string Significant(double value)
    {
        if (value == 0) return "0";
        var decimals = Math.Clamp(2 - (int)Math.Floor(Math.Log10(Math.Abs(value))), 0, 9);
        return value.ToString($"N{decimals}", CultureInfo.InvariantCulture);
    }
}
