namespace EdgeAI.Generation;

/// <summary>One answer under a grammar.</summary>
internal sealed class GrammarConstraint : IForcingConstraint
{
    private const int LongestForced = 256;

    private readonly CompiledGrammar _grammar;
    private readonly GrammarWalker _walker;
    private readonly ulong[] _scratch;
    private int _end;
    private bool _ended;

    public GrammarConstraint(CompiledGrammar grammar)
    {
        _grammar = grammar;
        _walker = new GrammarWalker(grammar.Automaton);
        _scratch = new ulong[grammar.Vocabulary.Words];
        _end = _walker.Close([new ParseThread(grammar.Automaton.Start, 0, StackArena.Root)], 0);
    }

    /// <inheritdoc/>
    public bool IsComplete => _ended || (MayEnd && !MayGoOn);

    private bool MayEnd => HasEnd(0, _end);

    private bool MayGoOn
    {
        get
        {
            foreach (var thread in _walker.Threads(0, _end))
            {
                if (!_grammar.Automaton.Edges(thread.State).IsEmpty) return true;
            }

            return false;
        }
    }

    /// <inheritdoc/>
    public void FillAllowed(Span<ulong> allowed)
    {
        if (allowed.Length < _scratch.Length) throw new ArgumentException($"A mask over {_grammar.Vocabulary.Size} tokens has {_scratch.Length} elements; {allowed.Length} are given.", nameof(allowed));
        allowed.Clear();
        if (!_ended)
        {
            // A copy: the walker's buffer may grow.
            for (var index = 0; index < _end; index++) AddAllowed(_walker.Threads(index, index + 1)[0], allowed);
        }

        if (!_ended && !MayEnd) return;
        foreach (var token in _grammar.Vocabulary.EndTokens)
        {
            if (token >> 6 < allowed.Length) allowed[token >> 6] |= 1UL << token;
        }
    }

    /// <inheritdoc/>
    public bool TryAccept(int token)
    {
        var vocabulary = _grammar.Vocabulary;
        if (vocabulary.EndTokens.Contains(token))
        {
            _ended |= MayEnd;
            return _ended;
        }

        if (_ended || (uint)token >= (uint)vocabulary.Size || vocabulary.Bytes[token].Length == 0) return false;
        return TryAccept(vocabulary.Bytes[token]);
    }

    /// <summary>Takes bytes into account, whatever tokens they come from.</summary>
    /// <returns><see langword="false"/> where they do not fit; the state is unchanged then.</returns>
    internal bool TryAccept(ReadOnlySpan<byte> text)
    {
        var (nodes, links) = (_walker.Stacks.NodeCount, _walker.Stacks.LinkCount);
        var (begin, end) = (0, _end);
        foreach (var value in text)
        {
            var next = _walker.Advance(begin, end, value);
            (begin, end) = (end, next);
            if (begin != end) continue;
            _walker.Stacks.Truncate(nodes, links);
            return false;
        }

        Keep(begin, end);
        return true;
    }

    /// <inheritdoc/>
    public int FillForced(Span<int> tokens)
    {
        Span<byte> text = stackalloc byte[LongestForced];
        text = text[..FillForcedText(text)];
        var count = 0;
        while (count < tokens.Length && Longest(text) is var (token, length) && length > 0)
        {
            tokens[count++] = token;
            text = text[length..];
        }

        return count;
    }

    /// <summary>The bytes that must follow.</summary>
    private int FillForcedText(Span<byte> text)
    {
        if (_ended) return 0;
        var (nodes, links) = (_walker.Stacks.NodeCount, _walker.Stacks.LinkCount);
        var (begin, end) = (0, _end);
        var count = 0;
        while (count < text.Length && !HasEnd(begin, end) && TheOnlyByte(begin, end) is var value and >= 0)
        {
            text[count++] = (byte)value;
            (begin, end) = (end, _walker.Advance(begin, end, (byte)value));
        }

        _walker.Stacks.Truncate(nodes, links);
        return count;
    }

    private int TheOnlyByte(int begin, int end)
    {
        var only = -1;
        foreach (var thread in _walker.Threads(begin, end))
        {
            foreach (var edge in _grammar.Automaton.Edges(thread.State))
            {
                if (edge.Low != edge.High || (only >= 0 && only != edge.Low)) return -1;
                only = edge.Low;
            }
        }

        return only;
    }

    /// <summary>The longest token that a text begins with; none where a longer one could go on beyond the text.</summary>
    private (int Token, int Length) Longest(ReadOnlySpan<byte> text)
    {
        var trie = _grammar.Vocabulary.Tokens;
        var best = (Token: -1, Length: 0);
        var node = -1;
        for (var length = 1; length <= text.Length; length++)
        {
            node = trie.Child(node, text[length - 1]);
            if (node < 0) return best;
            if (trie.TokensAt(node) is [var token, ..]) best = (token, length);
        }

        return node >= 0 && trie.HasChildren(node) ? default : best;
    }

    private bool HasEnd(int begin, int end)
    {
        foreach (var thread in _walker.Threads(begin, end))
        {
            if (thread.Stack == StackArena.Root && (_grammar.Automaton.Traits(thread.State) & StateTraits.Accepts) != 0) return true;
        }

        return false;
    }

    private void Keep(int begin, int end)
    {
        _walker.Threads(begin, end).CopyTo(_walker.Threads(0, end - begin));
        _end = end - begin;
        _walker.Stacks.CompactWhereLarge(_walker.Threads(0, _end));
    }

    private void AddAllowed(ParseThread thread, Span<ulong> allowed)
    {
        if (_grammar.Automaton.Edges(thread.State).IsEmpty) return;
        var mask = _grammar.Local(thread, _walker, _end, _scratch);
        if (_walker.Stacks.Depth(thread.Stack) + mask.Reach > _grammar.Automaton.MaxDepth)
        {
            // Near the limit of depth the stack matters everywhere.
            var set = _walker.Place(thread, _end);
            var trie = _grammar.Vocabulary.Tokens;
            _walker.Walk(trie, 0, trie.NodeCount, 0, _end, set, allowed);
            return;
        }

        mask.AddTo(allowed);
        if (mask.Escapes.Length == 0) return;
        var (nodes, links) = (_walker.Stacks.NodeCount, _walker.Stacks.LinkCount);
        var parents = _walker.CloseParents(thread.Stack, _end);
        foreach (var node in mask.Escapes) _walker.Walk(mask.Trie, node + 1, mask.Trie.Ends[node], mask.Trie.Depths[node], _end, parents, allowed);
        _walker.Stacks.Truncate(nodes, links);
    }
}
