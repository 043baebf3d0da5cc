using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace EdgeAI.Cli.Commands;

/// <summary>Numbers on the command line: in range, written with a point, and refused with the range otherwise.</summary>
internal static class NumberParsing
{
    /// <summary>Parses a whole number.</summary>
    public static Func<ArgumentResult, int?> Whole(string option, int min, int max) => result =>
    {
        var text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max) return value;
        result.AddError(string.Create(CultureInfo.InvariantCulture, $"{option} must be {min} to {max}, not '{text}'."));
        return null;
    };

    /// <summary>Parses a number above zero, or from zero on.</summary>
    public static Func<ArgumentResult, double?> Positive(string option, double max, string unit, bool allowZero = false) => result =>
    {
        var text = result.Tokens[0].Value;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && (value > 0 || (allowZero && value == 0)) && value <= max) return value;
        result.AddError(string.Create(CultureInfo.InvariantCulture, $"{option} must be {(allowZero ? "0 to" : "more than 0 and at most")} {max} {unit}, not '{text}'."));
        return null;
    };
}
