using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace EdgeAI.Generation;

/// <summary>Reads what models write between the marks of a call.</summary>
internal static partial class ToolCallParser
{
    private static readonly string[] _argumentNames = ["arguments", "parameters"];

    /// <summary>Reads one or more calls.</summary>
    /// <param name="body">One JSON object, an array of them, or several one after the other; or the function's name before its arguments.</param>
    /// <param name="allowed">Names to accept; <see langword="null"/> for any.</param>
    /// <param name="calls">The calls; empty where the result is <see langword="false"/>.</param>
    public static bool TryParse(string body, IReadOnlySet<string>? allowed, List<ToolCall> calls)
    {
        calls.Clear();
        var good = TryParseAll(body, calls) && calls.Count > 0 && (allowed is null || calls.TrueForAll(call => allowed.Contains(call.Name)));
        if (!good) calls.Clear();
        return good;
    }

    private static bool TryParseAll(string body, List<ToolCall> calls)
    {
        // Mistral's newer models repeat the mark and put the name before it, Llama's own functions close an angle bracket.
        foreach (var piece in body.Split("[TOOL_CALLS]", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var named = NamedCall().Match(piece);
            if (!TryParseValues(piece[named.Length..], named.Success ? named.Groups["name"].Value : null, calls)) return false;
        }

        return true;
    }

    private static bool TryParseValues(string text, string? name, List<ToolCall> calls)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var at = 0;
        while (true)
        {
            while (at < bytes.Length && (bytes[at] is (byte)';' or (byte)',' || char.IsWhiteSpace((char)bytes[at]))) at++;
            if (at == bytes.Length) return true;
            var reader = new Utf8JsonReader(bytes.AsSpan(at));
            try
            {
                if (!JsonElement.TryParseValue(ref reader, out var value) || !TryAdd(value.Value, name, calls)) return false;
            }
            catch (JsonException)
            {
                return false;
            }

            at += (int)reader.BytesConsumed;
        }
    }

    private static bool TryAdd(JsonElement value, string? name, List<ToolCall> calls)
    {
        if (value.ValueKind == JsonValueKind.Array && name is null)
        {
            foreach (var item in value.EnumerateArray())
            {
                if (!TryAdd(item, null, calls)) return false;
            }

            return true;
        }

        if (value.ValueKind != JsonValueKind.Object) return false;
        if (name is not null)
        {
            calls.Add(new ToolCall(name, value));
            return true;
        }

        if (value.TryGetProperty("function", out var function) && function.ValueKind == JsonValueKind.Object) value = function;
        if (!value.TryGetProperty("name", out var written) || written.ValueKind != JsonValueKind.String || !TryGetArguments(value, out var arguments)) return false;
        calls.Add(new ToolCall(written.GetString()!, arguments));
        return true;
    }

    private static bool TryGetArguments(JsonElement call, out JsonElement arguments)
    {
        foreach (var name in _argumentNames)
        {
            if (!call.TryGetProperty(name, out arguments)) continue;
            if (arguments.ValueKind == JsonValueKind.String) return TryParseObject(arguments.GetString()!, out arguments);
            if (arguments.ValueKind is JsonValueKind.Null) break;
            return arguments.ValueKind == JsonValueKind.Object;
        }

        return TryParseObject("{}", out arguments);
    }

    private static bool TryParseObject(string json, out JsonElement value)
    {
        value = default;
        try
        {
            using var document = JsonDocument.Parse(string.IsNullOrWhiteSpace(json) ? "{}" : json);
            value = document.RootElement.Clone();
            return value.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"^(?<name>[\w.\-]+)\s*(?:\[CALL_ID\]\s*\w+\s*)?(?:\[ARGS\]|>)?\s*(?=\{)", RegexOptions.CultureInvariant)]
    private static partial Regex NamedCall();
}
