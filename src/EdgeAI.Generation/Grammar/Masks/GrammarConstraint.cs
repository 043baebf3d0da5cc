namespace EdgeAI.Generation;

/// <summary>One answer under a grammar.</summary>
internal sealed class GrammarConstraint : ILookaheadConstraint
{
    private const int LongestForced = 256;

    // Stacks that share much may be many: then they are walked together.
    private const int MostContinued = 64;

    private readonly CompiledGrammar _grammar;
    private readonly GrammarWalker _walker;
    private readonly ulong[] _scratch;
    private ulong[]? _flat;
    private int _end;
    private bool _ended;

    public GrammarConstraint(CompiledGrammar grammar)
    {
        _grammar = grammar;
        _walker = new GrammarWalker(grammar.Automaton, grammar.Costs);
        _scratch = new ulong[grammar.Vocabulary.Words];
        _end = _walker.Close([new ParseThread(grammar.Automaton.Start, 0, StackArena.Root)], 0);
    }

    /// <inheritdoc/>
    public bool IsComplete => _ended || (MayEnd && !MayGoOn);

    /// <inheritdoc/>
    public int TokensToEnd => _ended ? 0 : _walker.Cost(0, _end);

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
    public void FillAllowed(Span<ulong> allowed) => Fill(allowed, int.MaxValue);

    /// <inheritdoc/>
    public void FillAllowed(Span<ulong> allowed, int tokensLeft)
    {
        Span<int> forced = stackalloc int[1];
        if (FillForced(forced, tokensLeft) == 0)
        {
            Fill(allowed, tokensLeft);
            return;
        }

        Check(allowed);
        allowed.Clear();
        allowed[forced[0] >> 6] |= 1UL << forced[0];
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
    public int FillForced(Span<int> tokens, int tokensLeft)
    {
        if (_ended || HasEnd(0, _end) || TheOnlyByte(0, _end) < 0) return 0;
        Span<byte> text = stackalloc byte[LongestForced];

        // For one token a text that no token exceeds will do.
        if (tokens.Length == 1) text = text[..Math.Min(text.Length, _grammar.Vocabulary.Tokens.MaxLength + 1)];
        Span<int> costs = stackalloc int[text.Length];
        text = text[..FillForcedText(text, costs)];
        var count = 0;
        var place = 0;
        while (count < tokens.Length && Longest(text[place..]) is var (token, length) && length > 0)
        {
            // The longest tokens are not always the fewest.
            place += length;
            if (costs[place - 1] > tokensLeft - count - 1) break;
            tokens[count++] = token;
        }

        return count;
    }

    /// <summary>The bytes that must follow, and how many tokens are enough after each.</summary>
    private int FillForcedText(Span<byte> text, Span<int> costs)
    {
        var (nodes, links) = (_walker.Stacks.NodeCount, _walker.Stacks.LinkCount);
        var (begin, end) = (0, _end);
        var count = 0;
        while (count < text.Length && !HasEnd(begin, end) && TheOnlyByte(begin, end) is var value and >= 0)
        {
            text[count] = (byte)value;
            (begin, end) = (end, _walker.Advance(begin, end, (byte)value));
            costs[count++] = _walker.Cost(begin, end);
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

    private void Check(ReadOnlySpan<ulong> allowed)
    {
        if (allowed.Length < _scratch.Length) throw new ArgumentException($"A mask over {_grammar.Vocabulary.Size} tokens has {_scratch.Length} elements; {allowed.Length} are given.", nameof(allowed));
    }

    private void Fill(Span<ulong> allowed, int tokensLeft)
    {
        Check(allowed);
        allowed.Clear();
        var left = tokensLeft == int.MaxValue ? int.MaxValue : tokensLeft - 1;
        if (!_ended && left >= 0)
        {
            // A copy: the walker's buffer may grow.
            for (var index = 0; index < _end; index++) AddAllowed(_walker.Threads(index, index + 1)[0], allowed, left);
        }

        if (!_ended && !MayEnd) return;
        foreach (var token in _grammar.Vocabulary.EndTokens)
        {
            if (token >> 6 < allowed.Length) allowed[token >> 6] |= 1UL << token;
        }
    }

    private void AddAllowed(ParseThread thread, Span<ulong> allowed, int left)
    {
        if (_grammar.Automaton.Edges(thread.State).IsEmpty) return;
        var mask = _grammar.Local(thread, _walker, _end, _scratch);
        var missing = _grammar.Automaton.HasCounter(thread.State) ? _grammar.Automaton.Remaining(thread.State, thread.Count).Least : 0;
        var own = Own(left, _walker.Stacks.Cost(thread.Stack) + missing - mask.Missing);
        var isDeep = _walker.Stacks.Depth(thread.Stack) + mask.Reach > _grammar.Automaton.MaxDepth;
        if (!(isDeep ? mask.TryAddFlatTo(allowed, own, _scratch, _flat ??= new ulong[_scratch.Length]) : mask.TryAddTo(allowed, own, _scratch)))
        {
            var set = _walker.Place(thread, _end);
            _walker.Walk(_grammar.Vocabulary.Tokens, 0, _grammar.Vocabulary.Tokens.NodeCount, 0, _end, set, allowed, left);
            return;
        }

        if (isDeep)
        {
            foreach (var node in mask.Deep) WalkFromRoot(mask.Trie, node, thread, allowed, left);
        }

        if (mask.Escapes.IsEmpty) return;
        var budget = MostContinued;
        if (isDeep || !TryAddContinued(mask, thread.Stack, allowed, left, ref budget)) WalkEscapes(mask, thread.Stack, allowed, left);
    }

    /// <summary>Adds what tokens allow that complete the rule on top of a stack and go on below.</summary>
    /// <returns><see langword="false"/> where it must be walked; some may have been added.</returns>
    private bool TryAddContinued(LocalMask mask, int stack, Span<ulong> allowed, int left, ref int budget)
    {
        for (var link = _walker.Stacks.FirstLink(stack); link >= 0;)
        {
            var (next, parent, following) = _walker.Stacks[link];
            if (budget-- == 0) return false;
            var continued = _grammar.Continued(mask, next, _walker, _end, _scratch);
            if (_walker.Stacks.Depth(parent) + continued.Reach > _grammar.Automaton.MaxDepth) return false;
            if (!continued.TryAddTo(allowed, Own(left, _walker.Stacks.Cost(parent)), _scratch)) return false;
            if (!continued.Escapes.IsEmpty && !TryAddContinued(continued, parent, allowed, left, ref budget)) return false;
            link = following;
        }

        return true;
    }

    private void WalkEscapes(LocalMask mask, int stack, Span<ulong> allowed, int left)
    {
        var (nodes, links) = (_walker.Stacks.NodeCount, _walker.Stacks.LinkCount);
        var parents = _walker.CloseParents(stack, _end);
        foreach (var node in mask.Escapes) _walker.Walk(mask.Trie, node + 1, mask.Trie.Ends[node], mask.Trie.Depths[node], _end, parents, allowed, left);
        _walker.Stacks.Truncate(nodes, links);
    }

    /// <summary>Walks a subtree and the way to it.</summary>
    private void WalkFromRoot(VocabularyTrie trie, int goal, ParseThread thread, Span<ulong> allowed, int left)
    {
        var (nodes, links) = (_walker.Stacks.NodeCount, _walker.Stacks.LinkCount);
        var (begin, end) = (_end, _walker.Place(thread, _end));
        var node = 0;
        while (node != goal && begin != end)
        {
            if (trie.Ends[node] <= goal)
            {
                node = trie.Ends[node];
                continue;
            }

            (begin, end) = (end, _walker.Advance(begin, end, trie.Labels[node]));
            node++;
        }

        if (begin != end) _walker.Walk(trie, goal, trie.Ends[goal], trie.Depths[goal] - 1, begin, end, allowed, left);
        _walker.Stacks.Truncate(nodes, links);
    }

    /// <summary>What is left for a rule where its stack needs so much.</summary>
    private static int Own(int left, int stack) => left == int.MaxValue ? int.MaxValue : left - stack;
}
