using System.Globalization;
using System.Text;

namespace EdgeAI.Generation;

/// <summary>Times in the notation of C's <c>strftime</c>, in English.</summary>
internal static class TimeFormat
{
    public static string Format(DateTimeOffset time, string format)
    {
        var text = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                text.Append(format[i]);
                continue;
            }

            var isUnpadded = format[++i] == '-' && i + 1 < format.Length;
            if (isUnpadded) i++;
            var part = Part(time, format[i]);
            text.Append(isUnpadded && part.TrimStart('0') is { Length: > 0 } trimmed ? trimmed : isUnpadded ? "0" : part);
        }

        return text.ToString();
    }

    private static string Part(DateTimeOffset time, char part) => part switch
    {
        'Y' => In(time, "yyyy"),
        'y' => In(time, "yy"),
        'm' => In(time, "MM"),
        'B' => In(time, "MMMM"),
        'b' or 'h' => In(time, "MMM"),
        'd' => In(time, "dd"),
        'e' => time.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2),
        'A' => In(time, "dddd"),
        'a' => In(time, "ddd"),
        'H' => In(time, "HH"),
        'I' => In(time, "hh"),
        'M' => In(time, "mm"),
        'S' => In(time, "ss"),
        'f' => In(time, "ffffff"),
        'p' => In(time, "tt"),
        'j' => time.DayOfYear.ToString("000", CultureInfo.InvariantCulture),
        'w' => ((int)time.DayOfWeek).ToString(CultureInfo.InvariantCulture),
        'u' => ((((int)time.DayOfWeek + 6) % 7) + 1).ToString(CultureInfo.InvariantCulture),
        'F' => In(time, "yyyy-MM-dd"),
        'T' or 'X' => In(time, "HH:mm:ss"),
        'R' => In(time, "HH:mm"),
        'D' or 'x' => In(time, "MM/dd/yy"),
        'c' => In(time, "ddd MMM ") + time.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2) + In(time, " HH:mm:ss yyyy"),
        'n' => "\n",
        't' => "\t",
        'z' or 'Z' => "",
        '%' => "%",
        _ => throw new ChatTemplateException($"The chat template asks for the time as '%{part}', which is not supported."),
    };

    private static string In(DateTimeOffset time, string format) => time.ToString(format, CultureInfo.InvariantCulture);
}
