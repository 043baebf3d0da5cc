using System.Text.Json;

namespace EdgeAI.Generation;

/// <summary>Arrays: each item by its place.</summary>
internal static class ArrayRule
{
    public static RuleNfa Create(SchemaCompiler compiler, IReadOnlyList<SchemaNode> nodes)
    {
        var (minimum, maximum) = Counts(nodes);
        var prefix = nodes.Select(PrefixLength).DefaultIfEmpty().Max();
        var nfa = new RuleNfa();
        var end = nfa.AddState();
        nfa.Accept(end);

        // Where the next item begins, and where the last one ended.
        var begin = nfa.AddText(0, "[");
        if (minimum == 0) nfa.AddByte(begin, (byte)']', end);
        for (var count = 0; maximum is null || count < maximum; count++)
        {
            var after = compiler.AddValue(nfa, begin, Schemas(compiler.Document, nodes, count));
            if (after < 0) break;
            if (count + 1 >= minimum) nfa.AddByte(after, (byte)']', end);
            if (maximum is null && count >= prefix && count + 1 >= minimum)
            {
                // Not back to the first item: that is where an empty array may end.
                var next = compiler.AddValue(nfa, nfa.AddOptionalSpace(nfa.AddText(after, ",")), Schemas(compiler.Document, nodes, count + 1));
                if (next >= 0) nfa.AddEmpty(next, after);
                break;
            }

            if (count + 1 < (maximum ?? int.MaxValue)) begin = nfa.AddOptionalSpace(nfa.AddText(after, ","));
        }

        return nfa;
    }

    private static (int Minimum, int? Maximum) Counts(IReadOnlyList<SchemaNode> nodes)
    {
        var minimum = 0;
        int? maximum = null;
        foreach (var node in nodes)
        {
            minimum = Math.Max(minimum, node.Count("minItems") ?? 0);
            if (node.Count("maxItems") is { } most) maximum = Math.Min(maximum ?? most, most);
        }

        foreach (var node in nodes)
        {
            if (minimum > GrammarLimits.Items) throw GrammarException.TooLarge("The number of items", GrammarLimits.Items, "minItems", node.Path);
            if (maximum > GrammarLimits.Items) throw GrammarException.TooLarge("The number of items", GrammarLimits.Items, "maxItems", node.Path);
            if (node.TryGet("uniqueItems", out var unique) && unique.ValueKind != JsonValueKind.False && maximum is null or > 1)
                throw GrammarException.Unsupported("uniqueItems", node.Path, "a mask cannot compare items");
            if (node.TryGet("unevaluatedItems", out var unevaluated) && unevaluated.ValueKind == JsonValueKind.Object)
                throw GrammarException.Unsupported("unevaluatedItems", node.Path, "only true or false may stand; use items");
            if (unevaluated.ValueKind == JsonValueKind.False && !nodes.Any(other => other.TryGet("items", out _)))
            {
                var evaluated = nodes.Max(other => PrefixLength(other));
                maximum = Math.Min(maximum ?? evaluated, evaluated);
            }
        }

        return (minimum, maximum);
    }

    private static int PrefixLength(SchemaNode node)
    {
        if (!node.TryGet("prefixItems", out var prefix)) return 0;
        if (prefix.ValueKind != JsonValueKind.Array) throw GrammarException.Invalid("prefixItems", node.Path, "an array of schemas is expected");
        return prefix.GetArrayLength() <= GrammarLimits.Items ? prefix.GetArrayLength() : throw GrammarException.TooLarge("The number of items", GrammarLimits.Items, "prefixItems", node.Path);
    }

    private static List<int> Schemas(SchemaDocument document, IReadOnlyList<SchemaNode> nodes, int index)
    {
        var schemas = new List<int>();
        foreach (var node in nodes)
        {
            if (index < PrefixLength(node) && node.TryGet("prefixItems", out var prefix))
            {
                schemas.Add(document.Find(prefix[index], $"{node.Path}/prefixItems/{index}"));
            }
            else if (node.TryGet("items", out var items))
            {
                if (items.ValueKind == JsonValueKind.Array) throw GrammarException.Unsupported("items", node.Path, "a list of schemas is prefixItems since 2020-12");
                schemas.Add(document.Find(items, node.Path + "/items"));
            }
        }

        return schemas;
    }
}
