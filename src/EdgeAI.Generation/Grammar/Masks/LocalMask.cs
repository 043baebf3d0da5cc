using System.Collections.Concurrent;
using System.Numerics;
using System.Numerics.Tensors;

namespace EdgeAI.Generation;

/// <summary>
/// What a state allows whatever the stack below it: the context-independent tokens of Dong et al. 2024 (XGrammar), with what they leave to be done, and where in the trie the stack begins to
/// matter. What comes there is a mask of its own for each state that the rule may return to. Immutable but for these; thread-safe.
/// </summary>
internal sealed class LocalMask
{
    private readonly ulong[]? _words;
    private readonly int[]? _tokens;
    private readonly int[]? _tokenCosts;
    private readonly (int Token, int Cost)[]? _otherCosts;
    private readonly int _usualCost;
    private readonly int _leastCost;
    private readonly int _mostCost;
    private readonly int[] _escapes;
    private readonly int[] _deep;

    /// <summary>Creates a mask.</summary>
    /// <param name="allowed">The tokens that stay within the state's rule and those that it calls, or end with it.</param>
    /// <param name="trie">The trie that nodes belong to.</param>
    /// <param name="record">What else was found.</param>
    /// <param name="missing">Characters that the state's string still must have.</param>
    public LocalMask(ReadOnlySpan<ulong> allowed, VocabularyTrie trie, MaskRecord record, int missing)
    {
        Trie = trie;
        Missing = missing;
        Reach = record.Reach;
        _escapes = [.. record.Escapes];
        _deep = [.. record.Deep];
        (_usualCost, _leastCost, _mostCost) = (record.UsualCost, record.LeastCost, record.MostCost);
        var count = 0;
        foreach (var word in allowed) count += BitOperations.PopCount(word);
        if (count > allowed.Length || record.Costs is null)
        {
            _words = allowed.ToArray();
            _otherCosts = record.Costs?.ToArray();
            return;
        }

        var costs = new Dictionary<int, int>();
        foreach (var (token, cost) in record.Costs) costs[token] = cost;
        _tokens = new int[count];
        _tokenCosts = new int[count];
        var next = 0;
        for (var index = 0; index < allowed.Length; index++)
        {
            for (var word = allowed[index]; word != 0; word &= word - 1)
            {
                _tokens[next] = (index * 64) + BitOperations.TrailingZeroCount(word);
                _tokenCosts[next] = costs.GetValueOrDefault(_tokens[next], _usualCost);
                next++;
            }
        }
    }

    public VocabularyTrie Trie { get; }

    /// <summary>Nodes at which the rule is complete and longer tokens go on, in order.</summary>
    public ReadOnlySpan<int> Escapes => _escapes;

    /// <summary>Roots of the subtrees that open containers, in order.</summary>
    public ReadOnlySpan<int> Deep => _deep;

    /// <summary>The deepest that a token goes, counted from the state.</summary>
    public int Reach { get; }

    /// <summary>Characters that the state's string still must have: costs are of such a state.</summary>
    public int Missing { get; }

    /// <summary>What tokens allow that go on behind the escapes, by the state that the rule returns to.</summary>
    public ConcurrentDictionary<int, LocalMask> Continued { get; } = new();

    /// <summary>About how much memory it takes, without what is continued.</summary>
    public long Size => 300 + ((_words?.Length ?? 0) * 8L) + ((_tokens?.Length ?? 0) * 8L) + ((_otherCosts?.Length ?? 0) * 8L) + (_escapes.Length * 4L) + (_deep.Length * 4L);

    /// <summary>Marks the tokens after which so many tokens are enough.</summary>
    /// <param name="allowed">Receives the marks.</param>
    /// <param name="tokensLeft">Counted without what the stack needs.</param>
    /// <param name="scratch">As long as a mask.</param>
    /// <returns><see langword="false"/> where that is not known: nothing is marked then.</returns>
    public bool TryAddTo(Span<ulong> allowed, int tokensLeft, Span<ulong> scratch)
    {
        if (_leastCost > tokensLeft) return true;
        if (_tokens is not null)
        {
            for (var index = 0; index < _tokens.Length; index++)
            {
                if (_tokenCosts![index] <= tokensLeft) allowed[_tokens[index] >> 6] |= 1UL << _tokens[index];
            }

            return true;
        }

        if (_mostCost <= tokensLeft)
        {
            Or(_words, allowed);
            return true;
        }

        if (_otherCosts is null) return false;
        if (_usualCost > tokensLeft)
        {
            foreach (var (token, cost) in _otherCosts)
            {
                if (cost <= tokensLeft) allowed[token >> 6] |= 1UL << token;
            }

            return true;
        }

        // Another thread may allow what this one does not: its marks stay.
        _words.CopyTo(scratch);
        foreach (var (token, cost) in _otherCosts)
        {
            if (cost > tokensLeft) scratch[token >> 6] &= ~(1UL << token);
        }

        Or(scratch[.._words!.Length], allowed);
        return true;
    }

    /// <summary>Marks the tokens that open no containers.</summary>
    /// <returns>As <see cref="TryAddTo"/>.</returns>
    public bool TryAddFlatTo(Span<ulong> allowed, int tokensLeft, Span<ulong> scratch, Span<ulong> flat)
    {
        flat.Clear();
        if (!TryAddTo(flat, tokensLeft, scratch)) return false;
        foreach (var node in _deep)
        {
            foreach (var token in Trie.TokensBelow(node)) flat[token >> 6] &= ~(1UL << token);
        }

        Or(flat, allowed);
        return true;
    }

    private static void Or(ReadOnlySpan<ulong> words, Span<ulong> allowed) => TensorPrimitives.BitwiseOr(allowed[..words.Length], words, allowed[..words.Length]);
}
