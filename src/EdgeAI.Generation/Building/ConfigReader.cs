using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeAI.Generation;

/// <summary>Reads values of a <c>config.json</c> and notes every one that is missing or of the wrong kind, so that all are reported at once.</summary>
internal sealed class ConfigReader(JsonObject values, List<string> problems, string prefix = "")
{
    // Far beyond any model, and small enough that no product of two overflows.
    private const int MostOfAnything = 1 << 24;

    public List<string> Problems => problems;

    public bool Has(string name) => values[name] is not null;

    /// <summary>A whole number from 1; 1 in its place where it is missing or wrong, which is noted.</summary>
    public int Int(string name) => OptionalInt(name) ?? Missing(name, 1);

    /// <summary>A whole number from 1; <see langword="null"/> where it is missing.</summary>
    public int? OptionalInt(string name)
    {
        if (values[name] is not { } node) return null;
        if (NumberOf(node) is >= 1 and <= MostOfAnything and var value && value == Math.Floor(value)) return (int)value;
        return Wrong(name, node, "a whole number from 1 to 16777216", 1);
    }

    public double Double(string name) => OptionalDouble(name) ?? Missing(name, 1);

    public double? OptionalDouble(string name)
    {
        if (values[name] is not { } node) return null;
        if (NumberOf(node) is > 0 and var value && double.IsFinite(value)) return value;
        return Wrong(name, node, "a number over 0", 1.0);
    }

    public bool? OptionalBool(string name) => values[name] is not { } node ? null : node.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => Wrong(name, node, "true or false", false),
    };

    public string? OptionalText(string name)
    {
        if (values[name] is not { } node) return null;
        return node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : Wrong(name, node, "a text", "");
    }

    public ImmutableArray<string>? OptionalTexts(string name)
    {
        if (values[name] is not { } node) return null;
        return node is JsonArray array && array.All(item => item?.GetValueKind() == JsonValueKind.String)
            ? [.. array.Select(item => item!.GetValue<string>())]
            : Wrong<ImmutableArray<string>>(name, node, "a list of texts", []);
    }

    public ImmutableArray<double>? OptionalDoubles(string name)
    {
        if (values[name] is not { } node) return null;
        return node is JsonArray array && array.All(item => item is not null && NumberOf(item) is not null)
            ? [.. array.Select(item => NumberOf(item!)!.Value)]
            : Wrong<ImmutableArray<double>>(name, node, "a list of numbers", []);
    }

    public ConfigReader? OptionalObject(string name)
    {
        if (values[name] is not { } node) return null;
        return node is JsonObject inner ? new ConfigReader(inner, problems, $"{prefix}{name}.") : Wrong<ConfigReader?>(name, node, "an object", null);
    }

    /// <summary>The number; <see langword="null"/> for anything else. By way of its text, since a value made by code gives only the type that it was made from.</summary>
    public static double? NumberOf(JsonNode node) => node.GetValueKind() == JsonValueKind.Number ? double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture) : null;

    public void Note(string problem) => problems.Add(problem);

    private T Missing<T>(string name, T instead)
    {
        problems.Add($"{prefix}{name} is missing");
        return instead;
    }

    private T Wrong<T>(string name, JsonNode node, string expected, T instead)
    {
        var found = node.ToJsonString();
        problems.Add($"{prefix}{name} is {(found.Length > 40 ? found[..40] + "..." : found)}; expected {expected}");
        return instead;
    }
}
