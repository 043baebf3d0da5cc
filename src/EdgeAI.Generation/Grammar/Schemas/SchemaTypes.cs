using System.Text.Json;

namespace EdgeAI.Generation;

/// <summary>The types of JSON Schema. Every integer is a number.</summary>
[Flags]
internal enum SchemaTypes
{
    None = 0,
    Null = 1,
    Boolean = 2,
    Integer = 4,
    Number = 8 | Integer,
    String = 16,
    Array = 32,
    Object = 64,
    All = Null | Boolean | Number | String | Array | Object,
}

/// <summary>Which types schemas allow.</summary>
internal static class SchemaTypeRules
{
    /// <summary>
    /// The types that all schemas allow. Where none names a type, keywords that are only about some types are taken to mean these: JSON Schema would let every
    /// other type pass, which nobody means who asks for an answer.
    /// </summary>
    public static SchemaTypes Of(IReadOnlyList<SchemaNode> nodes)
    {
        var types = SchemaTypes.All;
        var isNamed = false;
        var meant = SchemaTypes.None;
        foreach (var node in nodes)
        {
            if (node.TryGet("enum", out _) || node.TryGet("const", out _)) isNamed = true;
            if (node.TryGet("type", out var type))
            {
                isNamed = true;
                types &= Read(type, node);
            }

            if (SchemaKeywords.OfObjects.Any(keyword => node.TryGet(keyword, out _))) meant |= SchemaTypes.Object;
            if (SchemaKeywords.OfArrays.Any(keyword => node.TryGet(keyword, out _))) meant |= SchemaTypes.Array;
            if (SchemaKeywords.OfStrings.Any(keyword => node.TryGet(keyword, out _))) meant |= SchemaTypes.String;
            if (SchemaKeywords.OfNumbers.Any(keyword => node.TryGet(keyword, out _))) meant |= SchemaTypes.Number;
            if (node.TryGet("format", out var format) && format.ValueKind == JsonValueKind.String && StringFormats.Find(format.GetString()!) is not null) meant |= SchemaTypes.String;
        }

        return isNamed || meant == SchemaTypes.None ? types : meant;
    }

    public static bool Has(SchemaTypes types, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => types.HasFlag(SchemaTypes.Null),
        JsonValueKind.True or JsonValueKind.False => types.HasFlag(SchemaTypes.Boolean),
        JsonValueKind.String => types.HasFlag(SchemaTypes.String),
        JsonValueKind.Array => types.HasFlag(SchemaTypes.Array),
        JsonValueKind.Object => types.HasFlag(SchemaTypes.Object),
        _ => types.HasFlag(SchemaTypes.Number) || (types.HasFlag(SchemaTypes.Integer) && value.TryGetDouble(out var number) && number == Math.Floor(number)),
    };

    private static SchemaTypes Read(JsonElement type, SchemaNode node)
    {
        var types = SchemaTypes.None;
        if (type.ValueKind == JsonValueKind.Array)
        {
            foreach (var name in type.EnumerateArray()) types |= One(name);
        }
        else
        {
            types = One(type);
        }

        return node.TryGet("nullable", out var nullable) && nullable.ValueKind == JsonValueKind.True ? types | SchemaTypes.Null : types;

        SchemaTypes One(JsonElement name) => (name.ValueKind == JsonValueKind.String ? name.GetString() : null) switch
        {
            "null" => SchemaTypes.Null,
            "boolean" => SchemaTypes.Boolean,
            "integer" => SchemaTypes.Integer,
            "number" => SchemaTypes.Number,
            "string" => SchemaTypes.String,
            "array" => SchemaTypes.Array,
            "object" => SchemaTypes.Object,
            _ => throw GrammarException.Invalid("type", node.Path, $"{name.GetRawText()} is not a type"),
        };
    }
}
