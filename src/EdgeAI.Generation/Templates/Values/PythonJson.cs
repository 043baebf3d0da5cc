using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeAI.Generation;

/// <summary>JSON to values, and values to JSON exactly as Python's <c>json.dumps(ensure_ascii=False)</c> writes them: models were trained on its spaces.</summary>
internal static class PythonJson
{
    public static object? FromNode(JsonNode? node) => node switch
    {
        null => null,
        JsonObject members => FromObject(members),
        JsonArray items => items.Select(FromNode).ToList(),
        _ => node.GetValueKind() switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.String => node.GetValue<string>(),
            _ => FromNumber(node.ToJsonString()),
        },
    };

    public static string Write(object? value, JsonFormat format)
    {
        var text = new StringBuilder();
        Write(value, format, 0, text);
        return text.ToString();
    }

    private static PythonMap FromObject(JsonObject members)
    {
        var map = new PythonMap();
        foreach (var (name, value) in members) map.Set(name, FromNode(value));
        return map;
    }

    private static object FromNumber(string number)
    {
        if (long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer)) return integer;
        if (BigInteger.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var large)) return large;
        return double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    private static void Write(object? value, JsonFormat format, int depth, StringBuilder text)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        switch (value)
        {
            case null: text.Append("null"); break;
            case bool truth: text.Append(truth ? "true" : "false"); break;
            case string content: WriteString(content, format.EscapesNonAscii, text); break;
            case long or double or BigInteger: text.Append(Number(value)); break;
            case List<object?> list: WriteList(list, format, depth, text); break;
            case PythonMap map: WriteMap(map, format, depth, text); break;
            default: throw new ChatTemplateException($"The chat template writes {PythonText.TypeOf(value)} as JSON.");
        }
    }

    private static string Number(object value) => value is double number && !double.IsFinite(number)
        ? double.IsNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity"
        : PythonText.Of(value);

    private static void WriteList(List<object?> list, JsonFormat format, int depth, StringBuilder text)
    {
        text.Append('[');
        for (var i = 0; i < list.Count; i++)
        {
            if (i > 0) text.Append(format.ItemSeparator);
            NewLine(format, depth + 1, text);
            Write(list[i], format, depth + 1, text);
        }

        if (list.Count > 0) NewLine(format, depth, text);
        text.Append(']');
    }

    private static void WriteMap(PythonMap map, JsonFormat format, int depth, StringBuilder text)
    {
        text.Append('{');
        var isFirst = true;
        foreach (var (key, value) in format.SortsKeys ? map.Items.OrderBy(item => KeyOf(item.Key), StringComparer.Ordinal) : map.Items)
        {
            if (!isFirst) text.Append(format.ItemSeparator);
            isFirst = false;
            NewLine(format, depth + 1, text);
            WriteString(KeyOf(key), format.EscapesNonAscii, text);
            text.Append(format.KeySeparator);
            Write(value, format, depth + 1, text);
        }

        if (map.Count > 0) NewLine(format, depth, text);
        text.Append('}');
    }

    private static string KeyOf(object key) => key switch
    {
        string name => name,
        bool truth => truth ? "true" : "false",
        _ => Number(key),
    };

    private static void NewLine(JsonFormat format, int depth, StringBuilder text)
    {
        if (format.Indent is not { } indent) return;
        text.Append('\n');
        for (var i = 0; i < depth; i++) text.Append(indent);
    }

    private static void WriteString(string content, bool escapesNonAscii, StringBuilder text)
    {
        text.Append('"');
        foreach (var unit in content)
        {
            switch (unit)
            {
                case '"': text.Append("\\\""); break;
                case '\\': text.Append("\\\\"); break;
                case '\n': text.Append("\\n"); break;
                case '\r': text.Append("\\r"); break;
                case '\t': text.Append("\\t"); break;
                case '\b': text.Append("\\b"); break;
                case '\f': text.Append("\\f"); break;
                case < ' ': text.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}"); break;
                case > '~' when escapesNonAscii && unit != '\u007F': text.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}"); break;
                default: text.Append(unit); break;
            }
        }

        text.Append('"');
    }
}
