using System.Collections.Immutable;
using System.Text.Json;

namespace EdgeAI.Generation;

/// <summary>
/// Resolves references and combinations: schemas that must all hold become alternatives, each a list of schemas whose own keywords must all hold (a disjunctive
/// normal form). <c>oneOf</c> is read as <c>anyOf</c>.
/// </summary>
internal sealed class SchemaAlternatives(SchemaDocument document)
{
    private readonly List<int[]> _found = [];
    private int _steps;

    /// <summary>The alternatives, in the schema's order; none where nothing fits.</summary>
    public static List<int[]> Of(SchemaDocument document, IEnumerable<int> schemas)
    {
        var alternatives = new SchemaAlternatives(document);
        alternatives.Expand([.. schemas.Select(schema => new Pending([schema], []))], [], depth: 0);
        return alternatives._found;
    }

    private void Expand(ImmutableList<Pending> pending, ImmutableList<int> done, int depth)
    {
        if (depth > GrammarLimits.Alternatives) throw GrammarException.TooLarge("The depth of anyOf and oneOf in each other", GrammarLimits.Alternatives);
        while (!pending.IsEmpty)
        {
            if (++_steps > 100 * GrammarLimits.Alternatives) throw GrammarException.TooLarge("The number of combinations of anyOf, oneOf and allOf", GrammarLimits.Alternatives);
            var next = pending[0];
            pending = pending.RemoveAt(0);
            if (next.Choices.Length != 1)
            {
                foreach (var choice in next.Choices) Expand(pending.Insert(0, next with { Choices = [choice] }), done, depth + 1);
                return;
            }

            var schema = next.Choices[0];

            // A schema that is reached only through itself says nothing new: no text fits by that way alone.
            if (next.Ancestors.Contains(schema)) return;
            if (done.Contains(schema)) continue;
            var node = document[schema];
            if (node.Element.ValueKind == JsonValueKind.False) return;
            done = done.Add(schema);
            if (node.Element.ValueKind == JsonValueKind.True) continue;
            pending = pending.InsertRange(0, Parts(node, next.Ancestors.Add(schema)));
        }

        if (_found.Count >= GrammarLimits.Alternatives) throw GrammarException.TooLarge("The number of combinations of anyOf, oneOf and allOf", GrammarLimits.Alternatives);
        _found.Add([.. done]);
    }

    private List<Pending> Parts(SchemaNode node, ImmutableHashSet<int> ancestors)
    {
        var parts = new List<Pending>();
        foreach (var property in node.Element.EnumerateObject())
        {
            switch (property.Name)
            {
                case "$ref":
                    if (property.Value.ValueKind != JsonValueKind.String) throw GrammarException.Invalid("$ref", node.Path, "a string is expected");
                    parts.Add(new Pending([document.Resolve(property.Value.GetString()!, node.Path)], ancestors));
                    break;
                case "allOf":
                    parts.AddRange(Members(node, property).Select(member => new Pending([member], ancestors)));
                    break;
                case "anyOf" or "oneOf":
                    parts.Add(new Pending(Members(node, property), ancestors));
                    break;
            }
        }

        return parts;
    }

    private int[] Members(SchemaNode node, JsonProperty keyword)
    {
        if (keyword.Value.ValueKind != JsonValueKind.Array || keyword.Value.GetArrayLength() == 0) throw GrammarException.Invalid(keyword.Name, node.Path, "an array with one schema or more is expected");
        if (keyword.Value.GetArrayLength() > GrammarLimits.Alternatives) throw GrammarException.TooLarge($"The length of '{keyword.Name}'", GrammarLimits.Alternatives, keyword.Name, node.Path);
        var path = SchemaDocument.Child(node.Path, keyword.Name);
        return [.. keyword.Value.EnumerateArray().Select((member, index) => document.Find(member, $"{path}/{index}"))];
    }

    /// <param name="Choices">Schemas of which one must hold.</param>
    /// <param name="Ancestors">Schemas that led here.</param>
    private sealed record Pending(int[] Choices, ImmutableHashSet<int> Ancestors);
}
