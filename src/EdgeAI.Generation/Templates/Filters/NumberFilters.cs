using System.Globalization;

namespace EdgeAI.Generation;

/// <summary>Filters that make numbers.</summary>
internal static class NumberFilters
{
    public static object? ToInteger(Rendering rendering, object? value, JinjaArguments arguments)
    {
        var fallback = arguments.GetOr(0, "default", 0L);
        switch (value)
        {
            case long: return value;
            case bool truth: return truth ? 1L : 0L;
            case double number when Math.Abs(number) < 9e18: return (long)number;
            case string text:
                var digits = PythonString.Trim(text, null).Replace("_", "", StringComparison.Ordinal);
                if (arguments.IntegerOr(1, "base", 10) == 16) return TryHexadecimal(digits, out var hexadecimal) ? hexadecimal : fallback;
                if (long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer)) return integer;
                return double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var parsed) && Math.Abs(parsed) < 9e18 ? (long)parsed : fallback;
            default: return fallback;
        }
    }

    public static object? ToFloat(Rendering rendering, object? value, JinjaArguments arguments) => value switch
    {
        long number => (double)number,
        double => value,
        bool truth => truth ? 1.0 : 0.0,
        string text when double.TryParse(PythonString.Trim(text, null), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
        _ => arguments.GetOr(0, "default", 0.0),
    };

    public static object Round(Rendering rendering, object? value, JinjaArguments arguments)
    {
        if (value is long && arguments.IntegerOr(0, "precision", 0) >= 0 && arguments.TextOr(1, "method", "common") == "common") return value;
        var number = value switch
        {
            long integer => integer,
            double real => real,
            bool truth => truth ? 1 : 0,
            _ => throw new ChatTemplateException($"The chat template rounds {PythonText.TypeOf(value)}."),
        };
        var precision = (int)Math.Clamp(arguments.IntegerOr(0, "precision", 0), -300, 300);
        var scale = Math.Pow(10, precision);
        return arguments.TextOr(1, "method", "common") switch
        {
            "ceil" => Math.Ceiling(number * scale) / scale,
            "floor" => Math.Floor(number * scale) / scale,
            // .NET writes the exact digits of a number, so halves that are none are rounded as Python does.
            _ when precision is > 0 and <= 15 && Math.Abs(number) < 1e15 => double.Parse(number.ToString($"F{precision}", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
            _ when precision == 0 => Math.Round(number, MidpointRounding.ToEven),
            _ when precision < 0 => Math.Round(number * scale, MidpointRounding.ToEven) / scale,
            _ => number,
        };
    }

    private static bool TryHexadecimal(string digits, out long number)
    {
        if (digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase)) digits = digits[2..];
        return long.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number);
    }
}
