using System.Text.Json;

namespace EdgeAI.Generation;

/// <summary>Values that a schema lists.</summary>
internal static class EnumRule
{
    private static readonly string[] _notBeside =
        [.. SchemaKeywords.OfObjects, .. SchemaKeywords.OfArrays, .. SchemaKeywords.OfStrings, .. SchemaKeywords.OfNumbers];

    /// <summary>The values that all lists have; <see langword="null"/> where there is no list.</summary>
    public static List<JsonElement>? Read(IReadOnlyList<SchemaNode> nodes)
    {
        List<JsonElement>? values = null;
        foreach (var node in nodes)
        {
            if (node.TryGet("enum", out var list))
            {
                if (list.ValueKind != JsonValueKind.Array) throw GrammarException.Invalid("enum", node.Path, "an array is expected");
                if (list.GetArrayLength() > GrammarLimits.EnumValues) throw GrammarException.TooLarge("The length of 'enum'", GrammarLimits.EnumValues, "enum", node.Path);
                Restrict([.. list.EnumerateArray()]);
            }

            if (node.TryGet("const", out var value)) Restrict([value]);
        }

        if (values is null) return null;
        foreach (var node in nodes)
        {
            foreach (var keyword in _notBeside)
            {
                if (node.TryGet(keyword, out _)) throw GrammarException.Unsupported(keyword, node.Path, "beside enum or const only a type may stand; list the values that fit");
            }
        }

        return values;

        void Restrict(List<JsonElement> list)
        {
            if (values is { Count: > 100 } && list.Count > 100) throw GrammarException.Unsupported("enum", nodes[0].Path, "two long lists cannot be combined");
            values = values is null ? list : [.. values.Where(value => list.Exists(other => JsonElement.DeepEquals(value, other)))];
        }
    }

    public static RuleNfa Create(IEnumerable<JsonElement> values)
    {
        var nfa = new RuleNfa();
        foreach (var value in values)
        {
            nfa.Accept(JsonText.AddValue(nfa, 0, value));
        }

        return nfa;
    }
}
