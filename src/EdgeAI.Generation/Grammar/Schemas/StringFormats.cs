namespace EdgeAI.Generation;

/// <summary>The formats of strings as regular expressions.</summary>
internal static class StringFormats
{
    /// <summary>Years from 0001, as .NET's dates have them; days as the months have them, leap years too (RFC 3339).</summary>
    private const string Date =
        "(?:(?:[1-9]\\d{3}|0[1-9]\\d{2}|00[1-9]\\d|000[1-9])-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)|02-(?:0[1-9]|1\\d|2[0-8]))" +
        "|(?:\\d\\d(?:0[48]|[2468][048]|[13579][26])|(?:0[48]|[2468][048]|[13579][26])00)-02-29)";

    /// <summary>Up to the 100 ns that .NET's times have; no leap seconds.</summary>
    private const string Time = "(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d{1,7})?";

    private const string Offset = "(?:Z|[+-](?:0\\d|1[0-3]):[0-5]\\d)";

    private const string Label = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";

    private const string Octet = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";

    private const string Group = "[0-9A-Fa-f]{1,4}";

    private const string UriCharacter = "(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})";

    private static readonly Dictionary<string, string> _patterns = new(StringComparer.Ordinal)
    {
        ["date"] = Date,
        ["time"] = Time + Offset + "?",
        ["date-time"] = Date + "T" + Time + Offset,
        ["duration"] = "P(?:\\d{1,6}W|(?:\\d{1,6}Y)?(?:\\d{1,6}M)?\\d{1,6}D(?:T(?:\\d{1,6}H(?:\\d{1,6}M)?(?:\\d{1,6}S)?|\\d{1,6}M(?:\\d{1,6}S)?|\\d{1,6}S))?" +
            "|(?:\\d{1,6}Y)?\\d{1,6}M|\\d{1,6}Y|T(?:\\d{1,6}H(?:\\d{1,6}M)?(?:\\d{1,6}S)?|\\d{1,6}M(?:\\d{1,6}S)?|\\d{1,6}S))",
        ["uuid"] = "[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}",
        ["email"] = "[A-Za-z0-9_%+-]{1,32}(?:\\.[A-Za-z0-9_%+-]{1,16})?@(?:" + Label + "\\.){1,3}[A-Za-z]{2,12}",
        ["hostname"] = Label + "(?:\\." + Label + "){0,2}",
        ["ipv4"] = "(?:" + Octet + "\\.){3}" + Octet,
        ["ipv6"] = Version6(),
        ["uri"] = "[A-Za-z][A-Za-z0-9+.-]{0,15}:" + UriCharacter + "+(?:#" + UriCharacter + "*)?",
    };

    /// <summary>For messages.</summary>
    public static string Names => string.Join(", ", _patterns.Keys.Order(StringComparer.Ordinal));

    /// <summary>The expression of a format, anchored; <see langword="null"/> for one that is not known.</summary>
    public static string? Find(string name) => _patterns.TryGetValue(name, out var pattern) ? $"^(?:{pattern})$" : null;

    /// <summary>Eight groups, or fewer with one gap (RFC 4291, section 2.2, forms 1 and 2).</summary>
    private static string Version6()
    {
        var forms = new List<string> { $"(?:{Group}:){{7}}{Group}" };
        for (var before = 0; before <= 7; before++)
        {
            var head = before == 0 ? "" : $"{Group}(?::{Group}){{{before - 1}}}";
            var after = 7 - before;
            forms.Add(after == 0 ? $"{head}::" : $"{head}::(?:{Group}(?::{Group}){{0,{after - 1}}})?");
        }

        return string.Join('|', forms);
    }
}
