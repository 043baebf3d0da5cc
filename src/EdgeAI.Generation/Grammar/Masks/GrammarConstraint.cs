namespace EdgeAI.Generation;

/// <summary>One answer under a grammar.</summary>
internal sealed class GrammarConstraint : ITokenConstraint
{
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

    private bool MayEnd
    {
        get
        {
            foreach (var thread in _walker.Threads(0, _end))
            {
                if (thread.Stack == StackArena.Root && (_grammar.Automaton.Traits(thread.State) & StateTraits.Accepts) != 0) return true;
            }

            return false;
        }
    }

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
