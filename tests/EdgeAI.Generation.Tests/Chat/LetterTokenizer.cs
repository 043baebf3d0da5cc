using System.Text;

namespace EdgeAI.Generation.Tests.Chat;

/// <summary>
/// A byte a token, some longer pieces that are taken greedily, and special tokens behind them: a text has several tokenisations, of which encoding gives one.
/// </summary>
internal sealed class LetterTokenizer : ITokenizer
{
    private readonly byte[][] _tokens;
    private readonly string[] _specials;

    public LetterTokenizer(string[] pieces, string[] specials)
    {
        _tokens = [.. Enumerable.Range(0, 256).Select(value => new[] { (byte)value }), .. pieces.Select(Encoding.UTF8.GetBytes)];
        _specials = specials;
    }

    /// <summary>The marks of ChatML.</summary>
    public static LetterTokenizer ChatMl { get; } = new(["He", "ll", "Hello", " you", "assistant"], ["<|im_start|>", "<|im_end|>", "[TOOL_CALLS]", "<|python_tag|>"]);

    public int VocabularySize => _tokens.Length + _specials.Length;

    public int? BeginOfSequence => null;

    public IReadOnlyList<int> EndTokens => [Special("<|im_end|>")];

    public int Special(string text) => _tokens.Length + Array.IndexOf(_specials, text);

    /// <summary>One token for each byte: valid, and not what <see cref="Encode"/> gives where there are pieces.</summary>
    public static int[] Spell(string text) => [.. Encoding.UTF8.GetBytes(text).Select(value => (int)value)];

    public IReadOnlyList<int> Encode(string text, bool addSpecialTokens = true, bool parseSpecialTokens = true)
    {
        var ids = new List<int>();
        var at = 0;
        while (at < text.Length)
        {
            var special = parseSpecialTokens ? Array.FindIndex(_specials, candidate => string.CompareOrdinal(text, at, candidate, 0, candidate.Length) == 0) : -1;
            if (special >= 0)
            {
                ids.Add(_tokens.Length + special);
                at += _specials[special].Length;
                continue;
            }

            var next = parseSpecialTokens ? _specials.Select(candidate => text.IndexOf(candidate, at, StringComparison.Ordinal)).Where(index => index >= 0).DefaultIfEmpty(text.Length).Min() : text.Length;
            EncodePlain(Encoding.UTF8.GetBytes(text[at..next]), ids);
            at = next;
        }

        return ids;
    }

    public string Decode(ReadOnlySpan<int> tokens, bool skipSpecialTokens = false)
    {
        var bytes = new List<byte>();
        foreach (var token in tokens)
        {
            if (!IsSpecial(token)) bytes.AddRange(GetBytes(token));
            else if (!skipSpecialTokens) bytes.AddRange(Encoding.UTF8.GetBytes(_specials[token - _tokens.Length]));
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    public ReadOnlySpan<byte> GetBytes(int token) => token >= 0 && token < _tokens.Length ? _tokens[token] : [];

    public bool IsSpecial(int token) => token >= _tokens.Length && token < VocabularySize;

    private void EncodePlain(ReadOnlySpan<byte> bytes, List<int> ids)
    {
        while (!bytes.IsEmpty)
        {
            var best = bytes[0] + 0;
            for (var token = 256; token < _tokens.Length; token++)
            {
                if (_tokens[token].Length > _tokens[best].Length && bytes.StartsWith(_tokens[token])) best = token;
            }

            ids.Add(best);
            bytes = bytes[_tokens[best].Length..];
        }
    }
}
