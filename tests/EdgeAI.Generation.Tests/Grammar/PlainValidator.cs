using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace EdgeAI.Generation.Tests.Grammar;

/// <summary>Validates values against schemas as the specification says it, keyword by keyword on the finished value: nothing in common with automata.</summary>
internal sealed class PlainValidator(JsonElement root)
{
    public bool IsValid(JsonElement schema, JsonElement value)
    {
        if (schema.ValueKind == JsonValueKind.True) return true;
        if (schema.ValueKind == JsonValueKind.False) return false;
        return schema.EnumerateObject().All(keyword => Holds(keyword.Name, keyword.Value, schema, value));
    }

    private bool Holds(string keyword, JsonElement argument, JsonElement schema, JsonElement value) => keyword switch
    {
        "type" => argument.ValueKind == JsonValueKind.Array ? argument.EnumerateArray().Any(name => IsType(name.GetString()!, value)) : IsType(argument.GetString()!, value),
        "enum" => argument.EnumerateArray().Any(other => JsonElement.DeepEquals(other, value)),
        "const" => JsonElement.DeepEquals(argument, value),
        "anyOf" => argument.EnumerateArray().Any(other => IsValid(other, value)),
        "oneOf" => argument.EnumerateArray().Count(other => IsValid(other, value)) == 1,
        "allOf" => argument.EnumerateArray().All(other => IsValid(other, value)),
        "$ref" => IsValid(Resolve(argument.GetString()!), value),
        _ => value.ValueKind switch
        {
            JsonValueKind.String => HoldsString(keyword, argument, value.GetString()!),
            JsonValueKind.Number => HoldsNumber(keyword, argument, decimal.Parse(value.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture)),
            JsonValueKind.Array => HoldsArray(keyword, argument, schema, value),
            JsonValueKind.Object => HoldsObject(keyword, argument, schema, value),
            _ => true,
        },
    };

    private static bool HoldsString(string keyword, JsonElement argument, string value) => keyword switch
    {
        "minLength" => value.EnumerateRunes().Count() >= argument.GetInt32(),
        "maxLength" => value.EnumerateRunes().Count() <= argument.GetInt32(),
        "pattern" => Regex.IsMatch(value, argument.GetString()!, RegexOptions.ECMAScript),
        "format" => argument.GetString() switch
        {
            "uuid" => Guid.TryParseExact(value, "D", out _),
            "date" => DateOnly.TryParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            "date-time" => DateTime.TryParseExact(value[..19], "yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) && Regex.IsMatch(value[19..], @"^(\.\d+)?(Z|[+-]\d\d:\d\d)\z"),
            "ipv4" => System.Net.IPAddress.TryParse(value, out var address) && address.ToString() == value,
            "ipv6" => System.Net.IPAddress.TryParse(value, out var address) && address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6,
            "email" => System.Net.Mail.MailAddress.TryCreate(value, out var mail) && mail.Address == value,
            _ => throw new ArgumentException(argument.GetString()),
        },
        _ => true,
    };

    private static bool HoldsNumber(string keyword, JsonElement argument, decimal value) => keyword switch
    {
        "minimum" => value >= argument.GetDecimal(),
        "maximum" => value <= argument.GetDecimal(),
        "exclusiveMinimum" => value > argument.GetDecimal(),
        "exclusiveMaximum" => value < argument.GetDecimal(),
        "multipleOf" => value % argument.GetDecimal() == 0,
        _ => true,
    };

    private bool HoldsArray(string keyword, JsonElement argument, JsonElement schema, JsonElement value)
    {
        var prefix = schema.TryGetProperty("prefixItems", out var items) ? items.GetArrayLength() : 0;
        return keyword switch
        {
            "minItems" => value.GetArrayLength() >= argument.GetInt32(),
            "maxItems" => value.GetArrayLength() <= argument.GetInt32(),
            "prefixItems" => value.EnumerateArray().Zip(argument.EnumerateArray()).All(pair => IsValid(pair.Second, pair.First)),
            "items" => value.EnumerateArray().Skip(prefix).All(item => IsValid(argument, item)),
            _ => true,
        };
    }

    private bool HoldsObject(string keyword, JsonElement argument, JsonElement schema, JsonElement value)
    {
        var named = schema.TryGetProperty("properties", out var properties) ? properties.EnumerateObject().Select(property => property.Name).ToHashSet() : [];
        return keyword switch
        {
            "required" => argument.EnumerateArray().All(name => value.TryGetProperty(name.GetString()!, out _)),
            "properties" => value.EnumerateObject().All(member => !argument.TryGetProperty(member.Name, out var property) || IsValid(property, member.Value)),
            "additionalProperties" => value.EnumerateObject().All(member => named.Contains(member.Name) || IsValid(argument, member.Value)),
            _ => true,
        };
    }

    private static bool IsType(string name, JsonElement value) => name switch
    {
        "null" => value.ValueKind == JsonValueKind.Null,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && decimal.Parse(value.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture) % 1 == 0,
        "number" => value.ValueKind == JsonValueKind.Number,
        "string" => value.ValueKind == JsonValueKind.String,
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        _ => throw new ArgumentException(name),
    };

    private JsonElement Resolve(string reference) => reference.Split('/').Skip(1).Aggregate(root, (element, name) => element.GetProperty(name));
}
