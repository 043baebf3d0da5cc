namespace EdgeAI.Generation;

/// <summary>
/// Moves sets of threads over bytes. Sets lie one after another in one buffer, so that a walk over a trie goes back by forgetting the end. A set is closed: calls
/// that may begin and rules that may end are in it already. Not thread-safe; allocates only to grow.
/// </summary>
internal sealed class GrammarWalker(Automaton automaton, CompletionCosts costs)
{
    // The two sorts of walks call each other: long tokens of a strange vocabulary must not fill the thread's stack.
    private const int MostNestedWalks = 64;

    private readonly List<(int Rule, int Node)> _called = [];
    private ParseThread[] _threads = new ParseThread[64];
    private Level[] _levels = new Level[64];
    private int[] _states = new int[64];
    private int[] _counts = new int[64];
    private int _end;
    private int _reach;
    private int _nestedWalks;

    public StackArena Stacks { get; } = new();

    /// <summary>Whether the last step completed the rule on top of <see cref="StackArena.Unknown"/>.</summary>
    public bool Escaped { get; private set; }

    /// <summary>Whether more containers than allowed may be opened: they are recorded instead.</summary>
    public bool IgnoresDepth { get; set; }

    public Span<ParseThread> Threads(int begin, int end) => _threads.AsSpan(begin..end);

    /// <summary>So many tokens are enough to complete a set; 0 where the text may end.</summary>
    public int Cost(int begin, int end)
    {
        var least = CompletionCosts.Impossible;
        foreach (var thread in Threads(begin, end)) least = Math.Min(least, costs.Of(thread.State, thread.Count, Stacks.Depth(thread.Stack)) + Stacks.Cost(thread.Stack));
        return least;
    }

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
            if (next >= 0 && Fits(Stacks.Depth(thread.Stack), next)) Add(end, new ParseThread(next, count, thread.Stack));
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
    /// <param name="tokensLeft">Only tokens are marked after which so many are enough.</param>
    /// <param name="record">Receives what else is found.</param>
    public void Walk(VocabularyTrie trie, int first, int last, int depth, int begin, int end, Span<ulong> allowed, int tokensLeft = int.MaxValue, MaskRecord? record = null)
    {
        if (trie.MaxLength >= _levels.Length)
        {
            Array.Resize(ref _levels, trie.MaxLength + 1);
            Array.Resize(ref _states, trie.MaxLength + 1);
            Array.Resize(ref _counts, trie.MaxLength + 1);
        }

        var start = new Level(begin, end, Stacks.NodeCount, Stacks.LinkCount);
        if (!TryWalkOne(trie, first, last, depth, start, allowed, tokensLeft, record)) WalkSets(trie, first, last, depth, start, allowed, tokensLeft, record);
    }

    private void WalkSets(VocabularyTrie trie, int first, int last, int depth, Level start, Span<ulong> allowed, int tokensLeft, MaskRecord? record)
    {
        var needsCost = record is not null || tokensLeft != int.MaxValue;
        _levels[depth] = start;
        for (var node = first; node < last;)
        {
            int level = trie.Depths[node];
            var from = _levels[level - 1];
            Stacks.Truncate(from.Nodes, from.Links);
            _reach = 0;
            var next = Advance(from.Begin, from.End, trie.Labels[node]);
            if (Escaped && trie.HasChildren(node)) record?.Escapes.Add(node);
            if (next == from.End)
            {
                node = trie.Ends[node];
                continue;
            }

            record?.Reached(node, _reach, trie);
            var tokens = trie.TokensAt(node);
            if (!tokens.IsEmpty) Mark(tokens, needsCost ? Cost(from.End, next) : 0, allowed, tokensLeft, record);
            var after = new Level(from.End, next, Stacks.NodeCount, Stacks.LinkCount);
            if (TryWalkOne(trie, node + 1, trie.Ends[node], level, after, allowed, tokensLeft, record))
            {
                node = trie.Ends[node];
                continue;
            }

            _levels[level] = after;
            node++;
        }

        Stacks.Truncate(start.Nodes, start.Links);
    }

    /// <summary>Most sets are one thread, and most bytes stay inside its rule: then a step is a look into a table.</summary>
    /// <returns><see langword="false"/> where the set is another one: nothing is marked then.</returns>
    private bool TryWalkOne(VocabularyTrie trie, int first, int last, int depth, Level start, Span<ulong> allowed, int tokensLeft, MaskRecord? record)
    {
        if (start.End - start.Begin != 1 || first >= last || _nestedWalks >= MostNestedWalks) return false;
        _nestedWalks++;
        var thread = _threads[start.Begin];
        var containers = Stacks.Depth(thread.Stack);
        var stackCost = Stacks.Cost(thread.Stack);
        var needsCost = record is not null || tokensLeft != int.MaxValue;
        var labels = trie.Labels;
        var depths = trie.Depths;
        var ends = trie.Ends;
        var (states, counts) = (_states, _counts);
        (states[depth], counts[depth]) = (thread.State, thread.Count);
        for (var node = first; node < last;)
        {
            int level = depths[node];
            var (state, count) = (states[level - 1], counts[level - 1]);
            var next = automaton.Next(state, labels[node], ref count);
            if (next < 0 || (!IgnoresDepth && containers + automaton.Height(next) > automaton.MaxDepth))
            {
                node = ends[node];
                continue;
            }

            if ((automaton.Traits(next) & (StateTraits.Accepts | StateTraits.Calls)) != 0)
            {
                // Out of the rule, or into another: its subtree is walked as sets, behind this one.
                Stacks.Truncate(start.Nodes, start.Links);
                var set = Place(new ParseThread(state, counts[level - 1], thread.Stack), start.End);
                WalkSets(trie, node, ends[node], level - 1, new Level(start.End, set, start.Nodes, start.Links), allowed, tokensLeft, record);
                node = ends[node];
                continue;
            }

            record?.Reached(node, containers + costs.HeightOf(next), trie);
            var tokens = trie.TokensAt(node);
            if (!tokens.IsEmpty) Mark(tokens, needsCost ? costs.Of(next, count, containers) + stackCost : 0, allowed, tokensLeft, record);
            (states[level], counts[level]) = (next, count);
            node++;
        }

        _nestedWalks--;
        return true;
    }
    private static void Mark(ReadOnlySpan<int> tokens, int cost, Span<ulong> allowed, int tokensLeft, MaskRecord? record)
    {
        record?.Allowed(tokens, cost);
        if (cost > tokensLeft) return;
        foreach (var token in tokens) allowed[token >> 6] |= 1UL << token;
    }

    /// <summary>Most sets have one thread, and most steps stay inside a rule.</summary>
    private int AdvanceOne(ParseThread thread, byte value)
    {
        var end = _end;
        var count = thread.Count;
        var next = automaton.Next(thread.State, value, ref count);
        if (next < 0 || !Fits(Stacks.Depth(thread.Stack), next)) return end;
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
            if (!Fits(inner, start) || !Fits(depth, next)) continue;
            var node = Called(rule);
            if (node < 0)
            {
                node = Stacks.AddNode(inner);
                _called.Add((rule, node));
                Add(begin, new ParseThread(start, 0, node));
            }

            Stacks.AddLink(node, next, thread.Stack, costs.Of(next, 0, depth) + Stacks.Cost(thread.Stack));
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

    /// <summary>Whether a state can be completed above so many containers.</summary>
    private bool Fits(int depth, int state)
    {
        if (!IgnoresDepth) return depth + automaton.Height(state) <= automaton.MaxDepth;
        _reach = Math.Max(_reach, depth + costs.HeightOf(state));
        return true;
    }

    private readonly record struct Level(int Begin, int End, int Nodes, int Links);
}
