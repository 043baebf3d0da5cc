using System.Text.Json;

namespace EdgeAI.Generation;

/// <summary>The schemas inside a schema, each known by its place. Not thread-safe.</summary>
internal sealed class SchemaDocument(JsonElement root)
{
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly List<SchemaNode> _nodes = [];

    public SchemaNode this[int id] => _nodes[id];

    public int Root => Find(root, "#");

    /// <summary>The schema at a place; checked the first time.</summary>
    public int Find(JsonElement element, string path)
    {
        if (_ids.TryGetValue(path, out var id)) return id;
        if (_nodes.Count >= GrammarLimits.SchemaNodes) throw GrammarException.TooLarge("The number of schemas", GrammarLimits.SchemaNodes);
        SchemaKeywords.Check(element, path);
        _nodes.Add(new SchemaNode(element, path));
        return _ids[path] = _nodes.Count - 1;
    }

    /// <summary>The schema that a reference points to.</summary>
    public int Resolve(string reference, string path)
    {
        if (reference != "#" && !reference.StartsWith("#/", StringComparison.Ordinal))
            throw GrammarException.Unsupported("$ref", path, $"'{reference}' is not a JSON pointer into this schema, such as #/$defs/name");
        var element = root;
        var canonical = "#";
        foreach (var part in Uri.UnescapeDataString(reference).Split('/').Skip(1))
        {
            var name = part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            var found = element.ValueKind switch
            {
                JsonValueKind.Object => element.TryGetProperty(name, out element),
                JsonValueKind.Array => int.TryParse(name, out var index) && index >= 0 && index < element.GetArrayLength() && (element = element[index]).ValueKind != JsonValueKind.Undefined,
                _ => false,
            };
            if (!found) throw GrammarException.Invalid("$ref", path, $"'{reference}' leads nowhere");
            canonical = Child(canonical, name);
        }

        return Find(element, canonical);
    }

    /// <summary>The place of something inside a place.</summary>
    public static string Child(string path, string name) =>
        $"{path}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
}

/// <summary>A schema and its place.</summary>
internal sealed record SchemaNode(JsonElement Element, string Path)
{
    /// <summary>Whether the schema is an object that has a keyword.</summary>
    public bool TryGet(string keyword, out JsonElement value)
    {
        value = default;
        return Element.ValueKind == JsonValueKind.Object && Element.TryGetProperty(keyword, out value);
    }

    /// <summary>The value of a keyword that is a count; <see langword="null"/> where it is missing.</summary>
    public int? Count(string keyword)
    {
        if (!TryGet(keyword, out var value)) return null;
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDouble(out var number) || number < 0 || number != Math.Floor(number))
            throw GrammarException.Invalid(keyword, Path, "a whole number of 0 or more is expected");
        return (int)Math.Min(number, int.MaxValue - 1);
    }
}
