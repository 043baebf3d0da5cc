using System.Text.Json;

namespace EdgeAI.Generation;

/// <summary>
/// Objects: the properties in the schema's order, then those that it does not name. Names are written in one way only, so that none can be repeated under
/// another spelling.
/// </summary>
internal static class ObjectRule
{
    public static RuleNfa Create(SchemaCompiler compiler, IReadOnlyList<SchemaNode> nodes)
    {
        var names = Names(nodes, out var required);
        var isOpen = IsOpen(nodes);
        CheckCounts(nodes, names.Count, required.Count, isOpen);
        var nfa = new RuleNfa();
        var end = nfa.AddState();
        nfa.Accept(end);
        var open = nfa.AddText(0, "{");

        // before[i]: the next property is number i or later; after[i]: some came, and number i or later may follow a comma.
        var before = new int[names.Count + 1];
        var after = new int[names.Count + 1];
        for (var index = 0; index < before.Length; index++) (before[index], after[index]) = (nfa.AddState(), nfa.AddState());
        nfa.AddEmpty(open, before[0]);
        if (required.Count == 0) nfa.AddByte(open, (byte)'}', end);
        var mayEnd = true;
        for (var index = names.Count; index >= 0; index--)
        {
            if (index < names.Count) mayEnd &= !required.Contains(names[index]);
            if (mayEnd) nfa.AddByte(after[index], (byte)'}', end);
            nfa.AddEmpty(nfa.AddOptionalSpace(nfa.AddText(after[index], ",")), before[index]);
            if (index == names.Count) continue;
            if (!required.Contains(names[index])) nfa.AddEmpty(before[index], before[index + 1]);
            var colon = nfa.AddText(JsonText.AddString(nfa, before[index], names[index]), ":");
            var value = compiler.AddValue(nfa, nfa.AddOptionalSpace(colon), Schemas(compiler.Document, nodes, names[index]));
            if (value >= 0) nfa.AddEmpty(value, after[index + 1]);
        }

        if (!isOpen) return nfa;
        var others = nfa.AddText(JsonText.AddStrings(nfa, before[names.Count], CodePointDfa.Except(names)), ":");
        var other = compiler.AddValue(nfa, nfa.AddOptionalSpace(others), Schemas(compiler.Document, nodes, null));
        if (other >= 0) nfa.AddEmpty(other, after[names.Count]);
        return nfa;
    }

    private static List<string> Names(IReadOnlyList<SchemaNode> nodes, out HashSet<string> required)
    {
        var names = new List<string>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        required = new HashSet<string>(StringComparer.Ordinal);
        foreach (var node in nodes)
        {
            if (!node.TryGet("properties", out var properties)) continue;
            if (properties.ValueKind != JsonValueKind.Object) throw GrammarException.Invalid("properties", node.Path, "an object is expected");
            foreach (var property in properties.EnumerateObject()) Add(property.Name);
        }

        foreach (var node in nodes)
        {
            if (!node.TryGet("required", out var list)) continue;
            if (list.ValueKind != JsonValueKind.Array) throw GrammarException.Invalid("required", node.Path, "an array of names is expected");
            foreach (var name in list.EnumerateArray())
            {
                if (name.ValueKind != JsonValueKind.String) throw GrammarException.Invalid("required", node.Path, "an array of names is expected");
                Add(name.GetString()!);
                required.Add(name.GetString()!);
            }
        }

        return names;

        void Add(string name)
        {
            if (known.Add(name)) names.Add(name);
            if (names.Count > GrammarLimits.Properties) throw GrammarException.TooLarge("The number of an object's properties", GrammarLimits.Properties, "properties", nodes[0].Path);
        }
    }

    /// <summary>
    /// Whether properties that are not named may follow: where the schema says so, and in an object of which it names none. JSON Schema lets them pass unless they
    /// are forbidden; a model would only ramble.
    /// </summary>
    private static bool IsOpen(IReadOnlyList<SchemaNode> nodes)
    {
        var isOpen = !nodes.Any(node => node.TryGet("properties", out _));
        foreach (var node in nodes)
        {
            if (node.TryGet("additionalProperties", out var additional))
            {
                if (additional.ValueKind == JsonValueKind.False) return false;
                isOpen = true;
            }

            if (!node.TryGet("unevaluatedProperties", out var unevaluated)) continue;
            if (unevaluated.ValueKind == JsonValueKind.Object) throw GrammarException.Unsupported("unevaluatedProperties", node.Path, "only true or false may stand; use additionalProperties");
            if (unevaluated.ValueKind == JsonValueKind.False) return false;
        }

        return isOpen;
    }

    /// <summary>The schemas of a property's value; of one that is not named where the name is <see langword="null"/>.</summary>
    private static List<int> Schemas(SchemaDocument document, IReadOnlyList<SchemaNode> nodes, string? name)
    {
        var schemas = new List<int>();
        foreach (var node in nodes)
        {
            if (name is not null && node.TryGet("properties", out var properties) && properties.TryGetProperty(name, out var property))
                schemas.Add(document.Find(property, SchemaDocument.Child(node.Path + "/properties", name)));
            else if (node.TryGet("additionalProperties", out var additional))
                schemas.Add(document.Find(additional, node.Path + "/additionalProperties"));
        }

        return schemas;
    }

    private static void CheckCounts(IReadOnlyList<SchemaNode> nodes, int named, int required, bool isOpen)
    {
        foreach (var node in nodes)
        {
            if (node.Count("minProperties") is { } minimum && minimum > required) throw GrammarException.Unsupported("minProperties", node.Path, "name the properties under required");
            if (node.Count("maxProperties") is { } maximum && (isOpen || maximum < named)) throw GrammarException.Unsupported("maxProperties", node.Path, "only an object with as many properties and no others can keep it");
        }
    }
}
