using System.Buffers;
using System.Text;

namespace EdgeAI.Generation;

/// <summary>Finds added tokens in a text: the leftmost first, the longest where several begin. Immutable and thread-safe.</summary>
internal sealed class AddedTokenFinder
{
    private readonly TokenTrie _trie = new();
    private readonly Dictionary<int, AddedToken> _tokens = [];
    private readonly SearchValues<char> _firstUnits;

    /// <param name="tokens">The tokens, and the text that each is found by.</param>
    public AddedTokenFinder(IEnumerable<(AddedToken Token, string Text)> tokens)
    {
        var units = new HashSet<char>();
        foreach (var (token, text) in tokens)
        {
            if (text.Length == 0) continue;
            _tokens[token.Id] = token;
            _trie.Add(text, token.Id);
            units.Add(text[0]);
        }

        _firstUnits = SearchValues.Create([.. units]);
    }

    /// <summary>The next token at or after a place, and what it takes up, which reaches no further back than the place.</summary>
    public bool TryFind(string text, int from, bool includesSpecial, out AddedToken token, out Range range)
    {
        for (var at = from; at < text.Length; at++)
        {
            var skipped = text.AsSpan(at).IndexOfAny(_firstUnits);
            if (skipped < 0) break;
            at += skipped;
            if (Longest(text, at, includesSpecial, out var end) is not { } found) continue;
            token = found;
            range = Widen(text, from, at, end, found);
            return true;
        }

        (token, range) = (null!, default);
        return false;
    }

    private AddedToken? Longest(string text, int start, bool includesSpecial, out int end)
    {
        end = start;
        AddedToken? longest = null;
        var node = TokenTrie.Root;
        for (var at = start; at < text.Length && _trie.TryStep(node, text[at], out node);)
        {
            at++;
            if (_trie.IdAt(node) < 0 || _tokens[_trie.IdAt(node)] is not { } token) continue;
            if ((token.IsSpecial && !includesSpecial) || (token.IsSingleWord && !StandsAlone(text, start, at))) continue;
            (longest, end) = (token, at);
        }

        return longest;
    }

    private static bool StandsAlone(string text, int start, int end)
    {
        var before = Rune.DecodeLastFromUtf16(text.AsSpan(0, start), out var previous, out _) == OperationStatus.Done && IsWord(previous);
        var after = Rune.DecodeFromUtf16(text.AsSpan(end), out var next, out _) == OperationStatus.Done && IsWord(next);
        return !before && !after;
    }

    private static bool IsWord(Rune rune) => Rune.IsLetterOrDigit(rune) || rune.Value == '_' || Rune.GetUnicodeCategory(rune)
        is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.SpacingCombiningMark or System.Globalization.UnicodeCategory.ConnectorPunctuation;

    private static Range Widen(string text, int from, int start, int end, AddedToken token)
    {
        while (token.StripsLeft && start > from && char.IsWhiteSpace(text[start - 1])) start--;
        while (token.StripsRight && end < text.Length && char.IsWhiteSpace(text[end])) end++;
        return start..end;
    }
}
