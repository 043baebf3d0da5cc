using System.Text.Json;

namespace EdgeAI.Generation;

/// <summary>Turns a schema into rules, one for each kind of value at each combination of schemas; equal ones are shared. Not thread-safe.</summary>
internal sealed class SchemaCompiler
{
    private readonly AutomatonBuilder _builder;
    private readonly Dictionary<string, int[]> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _rules = new(StringComparer.Ordinal);
    private readonly Queue<(int Rule, Func<RuleNfa> Create)> _pending = new();

    private SchemaCompiler(SchemaDocument document, AutomatonBuilder builder)
    {
        Document = document;
        _builder = builder;
    }

    public SchemaDocument Document { get; }

    /// <summary>Defines the rules of a schema.</summary>
    /// <returns>Those that a text may be.</returns>
    public static int[] Compile(JsonElement schema, AutomatonBuilder builder)
    {
        var document = new SchemaDocument(schema);
        var compiler = new SchemaCompiler(document, builder);
        var root = compiler.Values([document.Root]);

        // Definitions ask for more values: a queue and not recursion, since schemas may be deep.
        while (compiler._pending.TryDequeue(out var next)) builder.DefineRule(next.Rule, next.Create());
        return root;
    }

    /// <summary>The rules of the values that fit all schemas; all values where there are none. Empty where no value fits.</summary>
    public int[] Values(IReadOnlyList<int> schemas)
    {
        var key = string.Join(',', schemas);
        if (_values.TryGetValue(key, out var rules)) return rules;
        var found = new List<int>();
        foreach (var alternative in SchemaAlternatives.Of(Document, schemas)) AddRules([.. alternative.Select(schema => Document[schema])], found);
        return _values[key] = [.. found.Distinct()];
    }

    /// <summary>Adds calls of the values that fit all schemas.</summary>
    /// <returns>The state after them; -1 where no value fits.</returns>
    public int AddValue(RuleNfa nfa, int from, IReadOnlyList<int> schemas)
    {
        var rules = Values(schemas);
        if (rules.Length == 0) return -1;
        var to = nfa.AddState();
        foreach (var rule in rules) nfa.AddCall(from, rule, to);
        return to;
    }

    private void AddRules(SchemaNode[] nodes, List<int> rules)
    {
        var types = SchemaTypeRules.Of(nodes);
        if (EnumRule.Read(nodes) is { } values)
        {
            rules.Add(Rule($"enum {Key(nodes, ["enum", "const", "type", "nullable"])}", nests: false, () => EnumRule.Create(values.Where(value => SchemaTypeRules.Has(types, value)))));
            return;
        }

        if (types.HasFlag(SchemaTypes.Object)) rules.Add(Rule($"object {Key(nodes, SchemaKeywords.OfObjects)}", nests: true, () => ObjectRule.Create(this, nodes)));
        if (types.HasFlag(SchemaTypes.Array)) rules.Add(Rule($"array {Key(nodes, SchemaKeywords.OfArrays)}", nests: true, () => ArrayRule.Create(this, nodes)));
        if (types.HasFlag(SchemaTypes.String))
        {
            var limits = StringLimits.Read(nodes);
            rules.Add(Rule(limits.Key, nests: false, limits.Create));
        }

        if (types.HasFlag(SchemaTypes.Integer))
        {
            var limits = NumberReader.Read(nodes, isInteger: !types.HasFlag(SchemaTypes.Number));
            rules.Add(Rule(limits.ToString(), nests: false, () => NumberRule.Create(limits)));
        }

        foreach (var (type, texts) in new[] { (SchemaTypes.Boolean, new[] { "true", "false" }), (SchemaTypes.Null, ["null"]) })
        {
            if (types.HasFlag(type)) rules.Add(Rule(texts[0], nests: false, () => Texts(texts)));
        }
    }

    private int Rule(string key, bool nests, Func<RuleNfa> create)
    {
        if (_rules.TryGetValue(key, out var rule)) return rule;
        _rules[key] = rule = _builder.DeclareRule(nests);
        _pending.Enqueue((rule, create));
        return rule;
    }

    /// <summary>Schemas that say nothing about a kind do not make its rule another one.</summary>
    private static string Key(SchemaNode[] nodes, string[] keywords) => string.Join(' ', nodes.Where(node => keywords.Any(keyword => node.TryGet(keyword, out _))).Select(node => node.Path));

    private static RuleNfa Texts(IEnumerable<string> texts)
    {
        var nfa = new RuleNfa();
        foreach (var text in texts) nfa.Accept(nfa.AddText(0, text));
        return nfa;
    }
}
