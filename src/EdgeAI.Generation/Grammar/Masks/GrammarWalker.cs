namespace EdgeAI.Generation;

/// <summary>
/// Moves sets of threads over bytes. Sets lie one after another in one buffer, so that a walk over a trie goes back by forgetting the end. A set is closed: calls
/// that may begin and rules that may end are in it already. Not thread-safe; allocates only to grow.
/// </summary>
internal sealed class GrammarWalker(Automaton automaton)
{
    private readonly List<(int Rule, int Node)> _called = [];
    private ParseThread[] _threads = new ParseThread[64];
    private Level[] _levels = new Level[64];
    private int _end;

    public Automaton Automaton => automaton;

    public StackArena Stacks { get; } = new();

    /// <summary>Whether the last step completed the rule on top of <see cref="StackArena.Unknown"/>.</summary>
    public bool Escaped { get; private set; }

    /// <summary>The deepest that a walk went, with what its states need to be completed; where no limit is enforced.</summary>
    public int Reach { get; private set; }

    /// <summary>Whether more containers than allowed may be opened: they are counted in <see cref="Reach"/> instead.</summary>
    public bool IgnoresDepth { get; set; }

    public Span<ParseThread> Threads(int begin, int end) => _threads.AsSpan(begin..end);

    /// <summary>Writes the closure of some threads.</summary>
    /// <returns>Its end.</returns>
    public int Close(ReadOnlySpan<ParseThread> threads, int begin)
    {
        Begin(begin);
        foreach (var thread in threads) Add(begin, thread);
        return Complete(begin);
    }

    /// <summary>Writes one thread as it is.</summary>
    /// <returns>Its end.</returns>
    public int Place(ParseThread thread, int begin)
    {
        Begin(begin);
        Add(begin, thread);
        return _end;
    }

    /// <summary>Writes the closure of what waits for a rule to be completed.</summary>
    /// <returns>Its end.</returns>
    public int CloseParents(int stack, int begin)
    {
        Begin(begin);
        Pop(stack, begin);
        return Complete(begin);
    }

    /// <summary>Writes where a byte leads to, behind the set itself.</summary>
    /// <returns>The new set's end; the old one's where the byte is not allowed.</returns>
    public int Advance(int begin, int end, byte value)
    {
        Begin(end);
        if (end - begin == 1) return AdvanceOne(_threads[begin], value);
        for (var index = begin; index < end; index++)
        {
            var thread = _threads[index];
            var count = thread.Count;
            var next = automaton.Next(thread.State, value, ref count);
            if (next >= 0 && Fits(Stacks.Depth(thread.Stack) + automaton.Height(next))) Add(end, new ParseThread(next, count, thread.Stack));
        }

        return Complete(end);
    }

    /// <summary>Marks the tokens of a part of a trie that a set allows.</summary>
    /// <param name="trie">The trie.</param>
    /// <param name="first">The first node to look at.</param>
    /// <param name="last">The node after the last.</param>
    /// <param name="depth">How many bytes came before.</param>
    /// <param name="begin">The set's begin.</param>
    /// <param name="end">The set's end.</param>
    /// <param name="allowed">Receives the marks.</param>
    /// <param name="escapes">Receives the nodes below which the rule on top of an unknown stack is complete.</param>
    public void Walk(VocabularyTrie trie, int first, int last, int depth, int begin, int end, Span<ulong> allowed, List<int>? escapes = null)
    {
        if (trie.MaxLength - depth >= _levels.Length) Array.Resize(ref _levels, trie.MaxLength - depth + 1);
        var labels = trie.Labels;
        var depths = trie.Depths;
        var ends = trie.Ends;
        _levels[0] = new Level(begin, end, Stacks.NodeCount, Stacks.LinkCount);
        var node = first;
        while (node < last)
        {
            var level = depths[node] - depth;
            var from = _levels[level - 1];
            Stacks.Truncate(from.Nodes, from.Links);
            var next = Advance(from.Begin, from.End, labels[node]);
            if (Escaped && ends[node] > node + 1) escapes?.Add(node);
            if (next == from.End)
            {
                node = ends[node];
                continue;
            }

            foreach (var token in trie.TokensAt(node)) allowed[token >> 6] |= 1UL << token;
            _levels[level] = new Level(from.End, next, Stacks.NodeCount, Stacks.LinkCount);
            node++;
        }

        Stacks.Truncate(_levels[0].Nodes, _levels[0].Links);
    }

    /// <summary>Forgets how deep earlier walks went.</summary>
    public void ResetReach() => Reach = 0;

    /// <summary>Most sets have one thread, and most steps stay inside a rule.</summary>
    private int AdvanceOne(ParseThread thread, byte value)
    {
        var end = _end;
        var count = thread.Count;
        var next = automaton.Next(thread.State, value, ref count);
        if (next < 0 || !Fits(Stacks.Depth(thread.Stack) + automaton.Height(next))) return end;
        if (end == _threads.Length) Array.Resize(ref _threads, end * 2);
        _threads[_end++] = new ParseThread(next, count, thread.Stack);
        return (automaton.Traits(next) & (StateTraits.Accepts | StateTraits.Calls)) == 0 ? _end : Complete(end);
    }

    private void Begin(int begin)
    {
        _end = begin;
        Escaped = false;
        if (_called.Count > 0) _called.Clear();
    }

    /// <summary>Adds a thread unless the set, which begins there, has it.</summary>
    private void Add(int begin, ParseThread thread)
    {
        for (var index = begin; index < _end; index++)
        {
            if (_threads[index] == thread) return;
        }

        if (_end == _threads.Length) Array.Resize(ref _threads, _end * 2);
        _threads[_end++] = thread;
    }

    private int Complete(int begin)
    {
        for (var index = begin; index < _end; index++)
        {
            var thread = _threads[index];
            var traits = automaton.Traits(thread.State);
            if ((traits & (StateTraits.Accepts | StateTraits.Calls)) == 0) continue;
            if ((traits & StateTraits.Accepts) != 0) Pop(thread.Stack, begin);
            if ((traits & StateTraits.Calls) != 0) Call(thread, begin);
        }

        return _end;
    }

    private void Pop(int stack, int begin)
    {
        Escaped |= stack == StackArena.Unknown;
        for (var link = Stacks.FirstLink(stack); link >= 0;)
        {
            var (next, parent, following) = Stacks[link];
            Add(begin, new ParseThread(next, 0, parent));
            link = following;
        }
    }

    private void Call(ParseThread thread, int begin)
    {
        var depth = Stacks.Depth(thread.Stack);
        foreach (var (rule, next) in automaton.Calls(thread.State))
        {
            var start = automaton.RuleStart(rule);
            var inner = depth + (automaton.RuleNests(rule) ? 1 : 0);
            if (!Fits(inner + automaton.Height(start)) || !Fits(depth + automaton.Height(next))) continue;
            var node = Called(rule);
            if (node < 0)
            {
                node = Stacks.AddNode(inner);
                _called.Add((rule, node));
                Add(begin, new ParseThread(start, 0, node));
            }

            Stacks.AddLink(node, next, thread.Stack);
        }
    }

    private int Called(int rule)
    {
        foreach (var (known, node) in _called)
        {
            if (known == rule) return node;
        }

        return -1;
    }

    private bool Fits(int depth)
    {
        if (!IgnoresDepth) return depth <= automaton.MaxDepth;
        Reach = Math.Max(Reach, depth);
        return true;
    }

    private readonly record struct Level(int Begin, int End, int Nodes, int Links);
}
