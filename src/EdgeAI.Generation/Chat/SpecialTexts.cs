using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace EdgeAI.Generation;

/// <summary>How a vocabulary writes its special tokens. Immutable and thread-safe.</summary>
internal sealed class SpecialTexts
{
    private readonly Dictionary<int, string> _texts = [];
    private readonly string[] _longestFirst;
    private readonly SearchValues<string> _search;

    /// <param name="tokenizer">The vocabulary.</param>
    /// <param name="more">Texts to find besides.</param>
    public SpecialTexts(ITokenizer tokenizer, params ReadOnlySpan<string> more)
    {
        for (var token = 0; token < tokenizer.VocabularySize; token++)
        {
            if (tokenizer.IsSpecial(token) && tokenizer.Decode([token]) is { Length: > 0 } text) _texts[token] = text;
        }

        _longestFirst = [.. _texts.Values.Concat(more.ToArray()).Distinct(StringComparer.Ordinal).OrderByDescending(text => text.Length)];
        _search = SearchValues.Create(_longestFirst, StringComparison.Ordinal);
    }

    /// <summary>The text of a special token.</summary>
    public bool TryGet(int token, [MaybeNullWhen(false)] out string text) => _texts.TryGetValue(token, out text);

    /// <summary>The first special text and where it begins, the longest where several begin there.</summary>
    public bool TryFind(ReadOnlySpan<char> text, out int at, [MaybeNullWhen(false)] out string found)
    {
        found = null;
        at = text.IndexOfAny(_search);
        if (at < 0) return false;
        var rest = text[at..];
        foreach (var candidate in _longestFirst)
        {
            if (!rest.StartsWith(candidate, StringComparison.Ordinal)) continue;
            found = candidate;
            return true;
        }

        return false;
    }
}
