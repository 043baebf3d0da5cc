using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;

namespace EdgeAI.Generation;

/// <summary>Values as Python writes them: <c>str</c> and <c>repr</c>.</summary>
internal static class PythonText
{
    public static string Of(object? value) => value switch
    {
        string text => text,
        Undefined => "",
        _ => Representation(value),
    };

    public static string Representation(object? value)
    {
        var text = new StringBuilder();
        Write(value, text);
        return text.ToString();
    }

    public static string TypeOf(object? value) => value switch
    {
        null => "none",
        Undefined undefined => $"'{undefined.Name}', which is undefined",
        string => "a string",
        bool => "a truth value",
        long or BigInteger => "an integer",
        double => "a number",
        PythonTuple => "a tuple",
        List<object?> => "a list",
        PythonMap => "a mapping",
        JinjaFunction => "a function",
        _ => "an object",
    };

    /// <summary>The shortest digits that read back as the same number, with an exponent below 1e-4 and from 1e16 on.</summary>
    public static string Float(double number)
    {
        if (double.IsNaN(number)) return "nan";
        if (double.IsInfinity(number)) return number > 0 ? "inf" : "-inf";
        var sign = double.IsNegative(number) ? "-" : "";
        if (number == 0) return sign + "0.0";
        var (digits, exponent) = Shortest(Math.Abs(number));
        if (exponent is < -4 or >= 16)
        {
            var mantissa = digits.Length > 1 ? $"{digits[0]}.{digits[1..]}" : digits;
            return string.Create(CultureInfo.InvariantCulture, $"{sign}{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
        }

        if (exponent < 0) return sign + "0." + new string('0', -exponent - 1) + digits;
        digits = digits.PadRight(exponent + 2, '0');
        return sign + digits[..(exponent + 1)] + "." + digits[(exponent + 1)..];
    }

    // The digits without zeros at the ends, and the power of ten of the first.
    private static (string Digits, int Exponent) Shortest(double number)
    {
        var text = number.ToString("E16", CultureInfo.InvariantCulture);
        for (var precision = 0; precision < 17; precision++)
        {
            var candidate = number.ToString("E" + precision.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            if (double.Parse(candidate, CultureInfo.InvariantCulture) != number) continue;
            text = candidate;
            break;
        }

        var mark = text.IndexOf('E', StringComparison.Ordinal);
        var digits = text[..mark].Replace(".", "", StringComparison.Ordinal).TrimEnd('0');
        return (digits, int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
    }

    private static void Write(object? value, StringBuilder text)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        switch (value)
        {
            case null: text.Append("None"); break;
            case bool truth: text.Append(truth ? "True" : "False"); break;
            case long number: text.Append(number.ToString(CultureInfo.InvariantCulture)); break;
            case BigInteger number: text.Append(number.ToString(CultureInfo.InvariantCulture)); break;
            case double number: text.Append(Float(number)); break;
            case string content: WriteQuoted(content, text); break;
            case Undefined: text.Append("Undefined"); break;
            case PythonTuple { Count: 1 } single: WriteAll(single, "(", ",)", text); break;
            case PythonTuple tuple: WriteAll(tuple, "(", ")", text); break;
            case List<object?> list: WriteAll(list, "[", "]", text); break;
            case PythonMap map: WriteMap(map, text); break;
            default: text.Append(CultureInfo.InvariantCulture, $"<{TypeOf(value)}>"); break;
        }
    }

    private static void WriteAll(List<object?> items, string opening, string closing, StringBuilder text)
    {
        text.Append(opening);
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0) text.Append(", ");
            Write(items[i], text);
        }

        text.Append(closing);
    }

    private static void WriteMap(PythonMap map, StringBuilder text)
    {
        text.Append('{');
        var isFirst = true;
        foreach (var (key, value) in map.Items)
        {
            if (!isFirst) text.Append(", ");
            isFirst = false;
            Write(key, text);
            text.Append(": ");
            Write(value, text);
        }

        text.Append('}');
    }

    private static void WriteQuoted(string content, StringBuilder text)
    {
        var quote = content.Contains('\'', StringComparison.Ordinal) && !content.Contains('"', StringComparison.Ordinal) ? '"' : '\'';
        text.Append(quote);
        foreach (var rune in content.EnumerateRunes())
        {
            if (rune.Value == quote || rune.Value == '\\') text.Append('\\').Append(rune);
            else if (rune.Value == '\n') text.Append("\\n");
            else if (rune.Value == '\r') text.Append("\\r");
            else if (rune.Value == '\t') text.Append("\\t");
            else if (IsPrintable(rune)) text.Append(rune);
            else text.Append(CultureInfo.InvariantCulture, $"{(rune.Value < 0x100 ? $"\\x{rune.Value:x2}" : rune.IsBmp ? $"\\u{rune.Value:x4}" : $"\\U{rune.Value:x8}")}");
        }

        text.Append(quote);
    }

    private static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);
}
