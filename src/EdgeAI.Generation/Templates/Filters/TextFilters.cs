using System.Text;

namespace EdgeAI.Generation;

/// <summary>Filters that make text.</summary>
internal static class TextFilters
{
    public static object ToJson(Rendering rendering, object? value, JinjaArguments arguments)
    {
        var indent = arguments.GetOr(1, "indent", null) switch
        {
            null => null,
            long width => width is >= 0 and <= 64 ? new string(' ', (int)width) : throw new ChatTemplateException("The chat template indents JSON by more than 64 characters."),
            string text => text,
            var other => throw new ChatTemplateException($"The chat template indents JSON by {PythonText.TypeOf(other)}."),
        };
        var (item, key) = arguments.GetOr(2, "separators", null) is List<object?> { Count: 2 } separators ? (PythonText.Of(separators[0]), PythonText.Of(separators[1])) : (indent is null ? ", " : ",", ": ");
        var json = PythonJson.Write(value, new JsonFormat(indent, item, key, arguments.TruthOr(3, "sort_keys", false), arguments.TruthOr(0, "ensure_ascii", false)));
        rendering.ChargeText(json.Length);
        return json;
    }

    // Unlike the method of that name, only what follows spaces and opening brackets begins a word.
    public static string Title(string text)
    {
        var result = new StringBuilder(text.Length);
        var startsWord = true;
        foreach (var character in text)
        {
            result.Append(startsWord ? char.ToUpperInvariant(character) : char.ToLowerInvariant(character));
            startsWord = PythonString.IsSpace(character) || character is '-' or '(' or '{' or '[' or '<';
        }

        return result.ToString();
    }

    public static string Escape(object? value) => PythonText.Of(value).Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal).Replace("'", "&#39;", StringComparison.Ordinal).Replace("\"", "&#34;", StringComparison.Ordinal);

    public static object Indent(Rendering rendering, object? value, JinjaArguments arguments)
    {
        var prefix = arguments.GetOr(0, "width", 4L) switch
        {
            string text => text,
            long width => new string(' ', (int)Math.Clamp(width, 0, 1000)),
            var other => throw new ChatTemplateException($"The chat template indents by {PythonText.TypeOf(other)}."),
        };
        var (first, blank) = (arguments.TruthOr(1, "first", false), arguments.TruthOr(2, "blank", false));
        var lines = PythonText.Of(value).Split('\n');
        rendering.ChargeText(lines.Sum(line => (double)line.Length + prefix.Length));
        for (var i = 0; i < lines.Length; i++)
        {
            if (i == 0 ? first : blank || lines[i].Length > 0) lines[i] = prefix + lines[i];
        }

        return string.Join('\n', lines);
    }
}
