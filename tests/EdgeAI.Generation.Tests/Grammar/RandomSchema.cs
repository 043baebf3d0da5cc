using System.Globalization;
using System.Text.Json.Nodes;

namespace EdgeAI.Generation.Tests.Grammar;

/// <summary>Random schemas, each with random values that fit it by construction, written compactly.</summary>
internal sealed class RandomSchema
{
    private static readonly (string Pattern, string[] Samples)[] _patterns =
    [
        ("^[a-z]{2,5}$", ["ab", "hello"]), ("^(foo|bar)+$", ["foo", "barfoo"]), ("x", ["x", "axb", "\"x\\"]), ("^\\d+(\\.\\d+)?$", ["1", "12.5"]), ("^[^\"]*$", ["", "a\\b", "é"]),
        ("(a|b)c$", ["ac", "xxbc"]), ("^[ -~é漢]{0,3}$", ["", "é漢", "a\"b"]), ("^\\w+[ \\t]\\w+$", ["a b", "x_1\ty"]),
    ];

    private static readonly (string Format, string[] Samples)[] _formats =
    [
        ("uuid", ["123e4567-e89b-12d3-a456-426614174000"]), ("date", ["2024-02-29", "1999-12-31"]), ("date-time", ["2024-01-01T00:00:00Z", "2020-02-29T23:59:59.5+01:00"]),
        ("ipv4", ["10.0.0.1"]), ("ipv6", ["::1", "2001:db8::8"]), ("email", ["a.b@example.org"]),
    ];

    private static readonly string[] _names = ["a", "ab", "b", "name", "é", "x\"y", "n\n", "value"];
    private static readonly string[] _texts = ["", "a", "hello world", "é漢", "😀", "q\"\\\n\u0001", "{\"a\":1}", "2024"];

    private readonly Random _random;
    private readonly Func<int, string>[] _definitions = new Func<int, string>[2];

    public RandomSchema(int seed)
    {
        _random = new Random(seed);
        var (root, value) = Any(3);
        Value = () => value(4);
        Schema = root;
        var definitions = new JsonObject();
        for (var index = 0; index < _definitions.Length; index++)
        {
            var (schema, instance) = Object(1);
            definitions[$"d{index}"] = schema;
            _definitions[index] = instance;
        }

        if (root is JsonObject node) node["$defs"] = definitions;
        else Schema = new JsonObject { ["allOf"] = new JsonArray(root), ["$defs"] = definitions };
    }

    public JsonNode Schema { get; }

    /// <summary>Another value that fits, as JSON without spaces.</summary>
    public Func<string> Value { get; }

    /// <summary>A schema, and what makes its values: given how deep they may still go.</summary>
    private (JsonNode Schema, Func<int, string> Value) Any(int depth) => _random.Next(depth > 0 ? 16 : 9) switch
    {
        0 => (new JsonObject { ["type"] = "null" }, _ => "null"),
        1 => (new JsonObject { ["type"] = "boolean" }, _ => Flip ? "true" : "false"),
        2 => Integer(),
        3 => Number(),
        4 => Text(),
        5 => Pattern(),
        6 => Enumeration(),
        7 => (new JsonObject { ["type"] = new JsonArray("string", "null"), ["description"] = "text or nothing" }, _ => Flip ? "null" : Quote(Pick(_texts))),
        8 => _random.Next(3) == 0 ? (JsonValue.Create(true), _ => Pick(["1", "[null,{}]", "{\"k\":\"v\"}", "\"s\""])) : Constant(),
        9 or 10 => Array(depth),
        11 or 12 or 13 => Object(depth),
        14 => AnyOf(depth),
        _ => AllOf(),
    };

    private bool Flip => _random.Next(2) == 0;

    private (JsonNode, Func<int, string>) Integer()
    {
        if (_random.Next(4) == 0)
        {
            var divisor = _random.Next(1, 30);
            return (new JsonObject { ["type"] = "integer", ["multipleOf"] = divisor, ["minimum"] = -1000 }, _ => Invariant(divisor * _random.Next(-30, 1000)));
        }

        var low = _random.Next(-2000, 2000);
        var high = low + _random.Next(300);
        var schema = new JsonObject { ["type"] = "integer" };
        var (hasLow, hasHigh) = (Flip, Flip);
        if (hasLow && Flip) schema["exclusiveMinimum"] = low - 1;
        else if (hasLow) schema["minimum"] = low;
        if (hasHigh) schema["maximum"] = high;
        return (schema, _ => Invariant(_random.Next(low, high + 1)));
    }

    private (JsonNode, Func<int, string>) Number()
    {
        var low = _random.Next(-5000, 5000) / 100m;
        var high = low + _random.Next(1, 1000) / 10m;
        var schema = new JsonObject { ["type"] = "number" };
        if (Flip) schema["minimum"] = low;
        if (Flip) schema["exclusiveMaximum"] = high;
        if (schema.Count == 1 && Flip) return (schema, _ => Pick(["0", "-1.5e10", "3.25", "-0", "1E-5"]));
        return (schema, _ => (low + (high - low) * _random.Next(1000) / 1000).ToString(CultureInfo.InvariantCulture));
    }

    private (JsonNode, Func<int, string>) Text()
    {
        var schema = new JsonObject { ["type"] = "string" };
        var minimum = _random.Next(4);
        var maximum = minimum + _random.Next(5);
        if (Flip) schema["minLength"] = minimum;
        if (Flip) schema["maxLength"] = maximum;
        return (schema, _ =>
        {
            var length = _random.Next(minimum, maximum + 1);
            return $"\"{string.Concat(Enumerable.Range(0, length).Select(_ => Pick(["a", "é", "漢", "😀", "\\n", "\\u00e9", "\\ud83d\\ude00", "\\\"", " "])))}\"";
        }
        );
    }

    private (JsonNode, Func<int, string>) Pattern()
    {
        if (Flip)
        {
            var (format, texts) = Pick(_formats);
            return (new JsonObject { ["type"] = "string", ["format"] = format }, _ => Quote(Pick(texts)));
        }

        var (pattern, samples) = Pick(_patterns);
        var schema = new JsonObject { ["type"] = "string", ["pattern"] = pattern };
        if (Flip) schema["maxLength"] = 8;
        return (schema, _ => Quote(Pick(samples)));
    }

    private (JsonNode, Func<int, string>) Enumeration()
    {
        var values = Enumerable.Range(0, _random.Next(1, 6)).Select(_ => Pick(["1", "-2.5", "null", "true", "{\"a\":[1,2]}", "[]", .. _texts.Select(Quote)])).Distinct().ToArray();
        return (new JsonObject { ["enum"] = new JsonArray([.. values.Select(value => JsonNode.Parse(value))]) }, _ => Pick(values));
    }

    private (JsonNode, Func<int, string>) Constant()
    {
        var value = Pick(_texts);
        return (new JsonObject { ["const"] = value }, _ => Quote(value));
    }

    private (JsonNode, Func<int, string>) Array(int depth)
    {
        var prefix = Enumerable.Range(0, _random.Next(3) == 0 ? _random.Next(1, 3) : 0).Select(_ => Any(depth - 1)).ToArray();
        var isReference = _random.Next(3) == 0;
        var (items, item) = isReference ? Reference() : Any(depth - 1);
        var minimum = prefix.Length + (isReference ? 0 : _random.Next(2));
        var maximum = minimum + _random.Next(4);
        var schema = new JsonObject { ["type"] = "array", ["items"] = items };
        if (prefix.Length > 0) schema["prefixItems"] = new JsonArray([.. prefix.Select(part => part.Schema)]);
        if (minimum > 0) schema["minItems"] = minimum;
        if (Flip) schema["maxItems"] = maximum;
        return (schema, left => $"[{string.Join(',', Enumerable.Range(0, left > 0 ? _random.Next(minimum, maximum + 1) : minimum).Select(index => index < prefix.Length ? prefix[index].Value(left - 1) : item(left - 1)))}]");
    }

    private (JsonNode Schema, Func<int, string> Value) Object(int depth)
    {
        var properties = new JsonObject();
        var required = new List<string>();
        var members = new List<(string Name, bool IsRequired, Func<int, string> Value)>();
        foreach (var name in _names.Where(_ => _random.Next(3) == 0))
        {
            var isReference = _random.Next(5) == 0;
            var (schema, value) = isReference ? Reference() : Any(depth - 1);
            var isRequired = !isReference && Flip;
            properties[name] = schema;
            if (isRequired) required.Add(name);
            members.Add((name, isRequired, value));
        }

        var node = new JsonObject { ["type"] = "object", ["properties"] = properties, ["required"] = new JsonArray([.. required.Select(name => JsonValue.Create(name))]) };
        Func<int, string>? other = null;
        if (_random.Next(3) == 0)
        {
            var (schema, value) = Any(depth - 1);
            node["additionalProperties"] = schema;
            other = value;
        }
        else if (Flip)
        {
            node["additionalProperties"] = false;
        }

        return (node, left =>
        {
            var texts = members.Where(member => member.IsRequired || (left > 0 && Flip)).Select(member => $"{Quote(member.Name)}:{member.Value(left - 1)}").ToList();
            if (other is not null && left > 0 && Flip) texts.Add($"{Quote("other é\"")}:{other(left - 1)}");
            return $"{{{string.Join(',', texts)}}}";
        }
        );
    }

    private (JsonNode, Func<int, string>) AnyOf(int depth)
    {
        if (Flip)
        {
            var (schema, value) = Object(depth - 1);
            return (new JsonObject { ["oneOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) }, left => Flip ? "null" : value(left));
        }

        var parts = Enumerable.Range(0, _random.Next(1, 4)).Select(_ => Any(depth - 1)).ToArray();
        return (new JsonObject { ["anyOf"] = new JsonArray([.. parts.Select(part => part.Schema)]) }, left => Pick(parts).Value(left));
    }

    private (JsonNode, Func<int, string>) AllOf()
    {
        var first = JsonNode.Parse("""{"type":"object","properties":{"p":{"type":"number","minimum":0}},"required":["p"]}""");
        var second = JsonNode.Parse("""{"properties":{"p":{"type":"integer"},"q":{"type":"string"}}}""");
        return (new JsonObject { ["allOf"] = new JsonArray(first, second) }, _ => $"{{\"p\":{_random.Next(100)}{(Flip ? ",\"q\":\"\"" : "")}}}");
    }

    /// <summary>Only where the value may be left out: references may lead in circles.</summary>
    private (JsonNode, Func<int, string>) Reference()
    {
        var index = _random.Next(_definitions.Length);
        return (new JsonObject { ["$ref"] = $"#/$defs/d{index}" }, left => _definitions[index](left));
    }

    private T Pick<T>(IReadOnlyList<T> list) => list[_random.Next(list.Count)];

    private static string Invariant(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Quote(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal).Replace("\u0001", "\\u0001", StringComparison.Ordinal)}\"";
}
