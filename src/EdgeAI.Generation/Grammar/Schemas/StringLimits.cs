using System.Text.Json;

namespace EdgeAI.Generation;

/// <summary>Which strings are allowed: lengths in Unicode characters, and expressions that must all be found.</summary>
internal sealed class StringLimits
{
    private readonly List<(string Pattern, string Keyword, string Path)> _patterns = [];
    private int _minimum;
    private int _maximum = int.MaxValue;
    private string _path = "#";

    /// <summary>Equal for equal limits.</summary>
    public string Key => $"string {_minimum} {_maximum} {string.Join(' ', _patterns.Select(pattern => JsonEncodedText.Encode(pattern.Pattern)))}";

    public static StringLimits Read(IReadOnlyList<SchemaNode> nodes)
    {
        var limits = new StringLimits();
        foreach (var node in nodes)
        {
            limits.ReadLengths(node);
            if (node.TryGet("pattern", out var pattern))
            {
                if (pattern.ValueKind != JsonValueKind.String) throw GrammarException.Invalid("pattern", node.Path, "a string is expected");
                limits.Add(pattern.GetString()!, "pattern", node.Path);
            }

            if (!node.TryGet("format", out var format)) continue;
            if (format.ValueKind != JsonValueKind.String) throw GrammarException.Invalid("format", node.Path, "a string is expected");
            var name = format.GetString()!;
            if (NumberReader.IsFormat(name)) continue;
            limits.Add(StringFormats.Find(name) ?? throw GrammarException.Unsupported("format", node.Path, $"'{name}' is none of {StringFormats.Names}"), "format", node.Path);
        }

        return limits;
    }

    public RuleNfa Create()
    {
        if (_patterns.Count == 0) return FreeString.Create(_minimum, _maximum);
        if (Math.Max(_minimum, _maximum == int.MaxValue ? 0 : _maximum) > GrammarLimits.PatternStringLength)
            throw GrammarException.TooLarge("A length beside a pattern or format", GrammarLimits.PatternStringLength, "maxLength", _path);
        var automata = _patterns.ConvertAll(pattern => Try(pattern.Keyword, pattern.Path, () => CodePointDfa.FromPattern(pattern.Pattern)));
        var hasLength = _minimum > 0 || _maximum != int.MaxValue;
        var texts = automata.Count == 1 && !hasLength ? automata[0] : Try(_patterns[0].Keyword, _patterns[0].Path, () => CodePointDfa.Intersect(automata, _minimum, _maximum));
        var nfa = new RuleNfa();
        nfa.Accept(JsonText.AddStrings(nfa, 0, texts));
        return nfa;
    }

    private void ReadLengths(SchemaNode node)
    {
        _minimum = Math.Max(_minimum, Length("minLength", node) ?? 0);
        _maximum = Math.Min(_maximum, Length("maxLength", node) ?? int.MaxValue);
    }

    private int? Length(string keyword, SchemaNode node)
    {
        var length = node.Count(keyword);
        if (length is not null) _path = node.Path;
        return length <= GrammarLimits.StringLength || length is null ? length : throw GrammarException.TooLarge($"'{keyword}'", GrammarLimits.StringLength, keyword, node.Path);
    }

    private void Add(string pattern, string keyword, string path)
    {
        if (!_patterns.Exists(known => known.Pattern == pattern)) _patterns.Add((pattern, keyword, path));
    }

    private static CodePointDfa Try(string keyword, string path, Func<CodePointDfa> create)
    {
        try
        {
            return create();
        }
        catch (PatternException error)
        {
            throw new GrammarException(error.Reason, $"'{keyword}' at {path} cannot be used: {error.Message}.", keyword, path);
        }
    }
}
