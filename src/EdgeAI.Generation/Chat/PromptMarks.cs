using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace EdgeAI.Generation;

/// <summary>
/// Marks that stand in a conversation for what a chat template must not see or a tokenizer must not read as control: special tokens that somebody wrote, and answers whose tokens are
/// known. The template carries them into the prompt, where <see cref="Encode"/> puts in what they stand for. Text without special tokens goes through unmarked, so that the prompt is
/// tokenised in one piece, as in training. For one prompt; not thread-safe.
/// </summary>
internal sealed class PromptMarks(ITokenizer tokenizer, SpecialTexts specials)
{
    /// <summary>Must be among the texts that are protected: then nobody can write a mark himself. Plain letters pass through every JSON writer.</summary>
    public const string Begin = "edgeai-mark-";

    private const char End = ';';

    private readonly List<(string? Literal, ReadOnlyMemory<int> Tokens)> _entries = [];

    /// <summary>A mark for tokens.</summary>
    public string Add(ReadOnlyMemory<int> tokens) => Mark((null, tokens));

    /// <summary>The text with a mark for every special token that it spells.</summary>
    public string Protect(string text)
    {
        if (!specials.TryFind(text, out var at, out var found)) return IsPlain(text) ? text : Mark((text, default));
        var safe = new StringBuilder();
        var from = 0;
        do
        {
            safe.Append(text, from, at).Append(Mark((found, default)));
            from += at + found.Length;
        }
        while (specials.TryFind(text.AsSpan(from), out at, out found));
        return safe.Append(text, from, text.Length - from).ToString();
    }

    /// <summary>Protects every text of a JSON tree, names of members included.</summary>
    public JsonNode? Protect(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(members.Select(member => KeyValuePair.Create(Protect(member.Key), Protect(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Protect)]),
        JsonValue value when value.TryGetValue<string>(out var text) => JsonValue.Create(Protect(text)),
        _ => node?.DeepClone(),
    };

    /// <summary>The tokens of a rendered conversation.</summary>
    public int[] Encode(string rendered)
    {
        var tokens = new List<int>();
        var from = 0;
        while (TryFindMark(rendered, from, out var at, out var next, out var entry))
        {
            Append(rendered[from..at], parseSpecialTokens: true, tokens);
            if (entry.Literal is { } literal) AppendLiteral(literal, tokens);
            else tokens.AddRange(entry.Tokens.Span);
            from = next;
        }

        Append(rendered[from..], parseSpecialTokens: true, tokens);
        return [.. tokens];
    }

    private string Mark((string? Literal, ReadOnlyMemory<int> Tokens) entry)
    {
        _entries.Add(entry);
        return string.Create(CultureInfo.InvariantCulture, $"{Begin}{_entries.Count - 1}{End}");
    }

    // A normaliser may make a special token of letters that look like it.
    private bool IsPlain(string text) => System.Text.Ascii.IsValid(text) || !tokenizer.Encode(text, addSpecialTokens: false).Any(tokenizer.IsSpecial);

    private bool TryFindMark(string text, int from, out int at, out int next, out (string? Literal, ReadOnlyMemory<int> Tokens) entry)
    {
        entry = default;
        next = 0;
        at = text.IndexOf(Begin, from, StringComparison.Ordinal);
        if (at < 0) return false;
        var number = at + Begin.Length;
        var end = text.IndexOf(End, number);
        if (end < 0 || !int.TryParse(text.AsSpan(number, end - number), NumberStyles.None, CultureInfo.InvariantCulture, out var index) || index >= _entries.Count)
        {
            throw new ChatTemplateException("The chat template took a text of the conversation apart where a special token stood for itself; leave the special token out of the text.");
        }

        entry = _entries[index];
        next = end + 1;
        return true;
    }

    private void AppendLiteral(string literal, List<int> tokens)
    {
        var from = tokens.Count;
        Append(literal, parseSpecialTokens: false, tokens);
        if (!tokens.Skip(from).Any(tokenizer.IsSpecial)) return;

        // A vocabulary that builds its special tokens from letters: letter by letter it cannot.
        tokens.RemoveRange(from, tokens.Count - from);
        foreach (var rune in literal.EnumerateRunes()) Append(rune.ToString(), parseSpecialTokens: false, tokens);
    }

    private void Append(string text, bool parseSpecialTokens, List<int> tokens)
    {
        if (text.Length > 0) tokens.AddRange(tokenizer.Encode(text, addSpecialTokens: false, parseSpecialTokens));
    }
}
