using System.Text.Json;

namespace EdgeAI.Generation;

/// <summary>Which keywords of JSON Schema 2020-12 are enforced, which only describe, and which are refused.</summary>
internal static class SchemaKeywords
{
    public static readonly string[] OfObjects = ["properties", "required", "additionalProperties", "minProperties", "maxProperties", "unevaluatedProperties"];

    public static readonly string[] OfArrays = ["items", "prefixItems", "minItems", "maxItems", "uniqueItems", "unevaluatedItems"];

    public static readonly string[] OfStrings = ["minLength", "maxLength", "pattern"];

    public static readonly string[] OfNumbers = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];

    /// <summary>Annotations of the specification, and OpenAPI's.</summary>
    private static readonly HashSet<string> _described = new(StringComparer.Ordinal)
    {
        "$schema", "$id", "$anchor", "$comment", "$defs", "definitions", "$vocabulary", "title", "description", "default", "examples", "example", "deprecated", "readOnly", "writeOnly",
        "contentEncoding", "contentMediaType", "contentSchema", "discriminator", "externalDocs", "xml",
    };

    private static readonly HashSet<string> _enforced =
        [.. OfObjects, .. OfArrays, .. OfStrings, .. OfNumbers, "type", "enum", "const", "anyOf", "oneOf", "allOf", "$ref", "format", "nullable"];

    private static readonly Dictionary<string, string> _refused = new(StringComparer.Ordinal)
    {
        ["not"] = "a mask cannot forbid what a schema describes",
        ["if"] = "conditions cannot be enforced; use anyOf",
        ["then"] = "conditions cannot be enforced; use anyOf",
        ["else"] = "conditions cannot be enforced; use anyOf",
        ["dependentSchemas"] = "conditions cannot be enforced; use anyOf",
        ["dependentRequired"] = "conditions cannot be enforced; use anyOf",
        ["dependencies"] = "conditions cannot be enforced; use anyOf",
        ["patternProperties"] = "use properties or additionalProperties",
        ["propertyNames"] = "use properties or additionalProperties",
        ["contains"] = "use prefixItems",
        ["minContains"] = "use prefixItems",
        ["maxContains"] = "use prefixItems",
        ["additionalItems"] = "use prefixItems and items",
        ["$dynamicRef"] = "use $ref",
        ["$recursiveRef"] = "use $ref",
    };

    /// <summary>Refuses what is no schema, and keywords that are not enforced: none is left out silently.</summary>
    public static void Check(JsonElement element, string path)
    {
        if (element.ValueKind is JsonValueKind.True or JsonValueKind.False) return;
        if (element.ValueKind != JsonValueKind.Object) throw new GrammarException(GrammarErrorReason.Invalid, $"The schema at {path} is neither an object nor true or false.", path: path);
        foreach (var property in element.EnumerateObject())
        {
            var name = property.Name;
            if (_enforced.Contains(name) || _described.Contains(name) || name.StartsWith("x-", StringComparison.Ordinal)) continue;
            throw GrammarException.Unsupported(name, path, _refused.GetValueOrDefault(name, "the keyword is not known"));
        }
    }
}
