using System.Globalization;
using System.Text;
using System.Text.Json;

namespace EdgeAI.Generation;

/// <summary>Adds JSON texts to rules. Values of strings are escaped in one way only: what stands for itself does, the rest by the shortest escape.</summary>
internal static class JsonText
{
    private static readonly (int First, int Last)[] _unescaped = [(0x20, 0x21), (0x23, 0x5B), (0x5D, CodePointSet.Last)];

    /// <summary>Adds a string with its quotes.</summary>
    /// <returns>The state after it.</returns>
    public static int AddString(RuleNfa nfa, int from, string value)
    {
        var text = new StringBuilder("\"");
        foreach (var rune in value.EnumerateRunes())
        {
            if (rune.Value < 0x20 || rune.Value is '"' or '\\') text.Append(Escape(rune.Value));
            else text.Append(rune.ToString());
        }

        return nfa.AddText(from, text.Append('"').ToString());
    }

    /// <summary>Adds a value as it is; spaces may follow colons and commas as everywhere.</summary>
    /// <returns>The state after it.</returns>
    public static int AddValue(RuleNfa nfa, int from, JsonElement value, int depth = 0)
    {
        if (depth > GrammarLimits.ValueDepth) throw GrammarException.TooLarge("The depth of a listed value", GrammarLimits.ValueDepth, "enum");
        var first = true;
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return AddString(nfa, from, value.GetString()!);
            case JsonValueKind.Object:
                from = nfa.AddText(from, "{");
                foreach (var property in value.EnumerateObject())
                {
                    if (!first) from = nfa.AddOptionalSpace(nfa.AddText(from, ","));
                    first = false;
                    from = nfa.AddOptionalSpace(nfa.AddText(AddString(nfa, from, property.Name), ":"));
                    from = AddValue(nfa, from, property.Value, depth + 1);
                }

                return nfa.AddText(from, "}");
            case JsonValueKind.Array:
                from = nfa.AddText(from, "[");
                foreach (var item in value.EnumerateArray())
                {
                    if (!first) from = nfa.AddOptionalSpace(nfa.AddText(from, ","));
                    first = false;
                    from = AddValue(nfa, from, item, depth + 1);
                }

                return nfa.AddText(from, "]");
            default:
                return nfa.AddText(from, value.GetRawText());
        }
    }

    /// <summary>Adds the texts of an automaton over characters, with their quotes.</summary>
    /// <returns>The state after them.</returns>
    public static int AddStrings(RuleNfa nfa, int from, CodePointDfa texts)
    {
        var characters = new Utf8Ranges(nfa);
        var states = new int[texts.Count];
        for (var state = 0; state < states.Length; state++) states[state] = nfa.AddState();
        var end = nfa.AddState();
        nfa.AddByte(from, (byte)'"', states[0]);
        for (var state = 0; state < states.Length; state++)
        {
            if (texts.Accepts(state)) nfa.AddByte(states[state], (byte)'"', end);
            foreach (var edge in texts.Edges(state)) AddCharacters(nfa, characters, states[state], edge, states[edge.Target]);
        }

        return end;
    }

    private static void AddCharacters(RuleNfa nfa, Utf8Ranges characters, int from, CodePointEdge edge, int to)
    {
        for (var value = edge.Low; value <= Math.Min(edge.High, 0x1F); value++) AddEscape(value);
        foreach (var value in "\"\\")
        {
            if (edge.Low <= value && value <= edge.High) AddEscape(value);
        }

        foreach (var (first, last) in _unescaped)
        {
            if (edge.Low <= last && first <= edge.High) characters.Add(from, Math.Max(edge.Low, first), Math.Min(edge.High, last), to);
        }

        void AddEscape(int value)
        {
            var text = Escape(value);
            nfa.AddByte(nfa.AddText(from, text[..^1]), (byte)text[^1], to);
        }
    }

    private static string Escape(int value) => value switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\b' => "\\b",
        '\f' => "\\f",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ => string.Create(CultureInfo.InvariantCulture, $"\\u{value:x4}"),
    };
}
