namespace EdgeAI.Generation;

/// <summary>
/// What a state allows whatever the stack below it: the context-independent tokens of Dong et al. 2024 (XGrammar), and where in the trie the stack begins to
/// matter. Immutable.
/// </summary>
internal sealed class LocalMask
{
    private readonly ulong[]? _words;
    private readonly int[]? _tokens;

    /// <summary>Creates a mask.</summary>
    /// <param name="allowed">The tokens that stay within the state's rule and those that it calls, or end with it.</param>
    /// <param name="trie">The trie that the escapes belong to.</param>
    /// <param name="escapes">Nodes at which the rule is complete and longer tokens go on.</param>
    /// <param name="reach">The deepest that a token goes, counted from the state.</param>
    public LocalMask(ReadOnlySpan<ulong> allowed, VocabularyTrie trie, int[] escapes, int reach)
    {
        Trie = trie;
        Escapes = escapes;
        Reach = reach;
        var count = 0;
        foreach (var word in allowed) count += System.Numerics.BitOperations.PopCount(word);
        if (count > allowed.Length)
        {
            _words = allowed.ToArray();
        }
        else
        {
            _tokens = new int[count];
            var next = 0;
            for (var index = 0; index < allowed.Length; index++)
            {
                for (var word = allowed[index]; word != 0; word &= word - 1) _tokens[next++] = index * 64 + System.Numerics.BitOperations.TrailingZeroCount(word);
            }
        }
    }

    public VocabularyTrie Trie { get; }

    public int[] Escapes { get; }

    public int Reach { get; }

    /// <summary>About how much memory it takes.</summary>
    public long Size => 100 + (_words?.Length ?? 0) * 8L + (_tokens?.Length ?? 0) * 4L + Escapes.Length * 4L;

    public void AddTo(Span<ulong> allowed)
    {
        if (_words is not null) System.Numerics.Tensors.TensorPrimitives.BitwiseOr(allowed[.._words.Length], _words, allowed[.._words.Length]);
        foreach (var token in _tokens ?? []) allowed[token >> 6] |= 1UL << token;
    }
}
