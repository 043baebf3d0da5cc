namespace EdgeAI.Generation;

/// <summary>A regular expression as a nondeterministic automaton (Thompson 1968) that finds a match anywhere in a text. Anchors are empty edges that are open only at the begin or end.</summary>
internal sealed class PatternNfa
{
    private readonly List<List<(int Low, int High, int To)>> _edges = [];
    private readonly List<List<(EmptyKind Kind, int To)>> _empty = [];
    private readonly int _before;
    private readonly int _after;

    public PatternNfa(PatternNode pattern)
    {
        _before = AddState();
        var end = Add(pattern, _before);
        _after = AddState();
        _empty[end].Add((EmptyKind.Always, _after));
        foreach (var (low, high) in CodePointSet.Any.Ranges)
        {
            _edges[_after].Add((low, high, _after));
        }

        // Skips what comes before the match: not in the state itself, which the expression's loops may come back to.
        var skip = AddState();
        foreach (var (low, high) in CodePointSet.Any.Ranges) _edges[skip].Add((low, high, skip));
        _empty[skip].Add((EmptyKind.Always, _before));
        Skip = skip;
    }

    private enum EmptyKind
    {
        Always,
        AtBegin,
        AtEnd,
    }

    private int Skip { get; }

    public int[] Begin() => Closure([Skip], atBegin: true, atEnd: false);

    public bool Accepts(int[] set, bool atBegin) => Array.BinarySearch(Closure(set, atBegin, atEnd: true), _after) >= 0;

    public List<(int Low, int High, int To)> Edges(int[] set)
    {
        // Once the match is found nothing else matters.
        if (Array.BinarySearch(set, _after) >= 0) return _edges[_after];
        return [.. set.SelectMany(state => _edges[state])];
    }

    public int[] Closure(IEnumerable<int> states, bool atBegin, bool atEnd)
    {
        var seen = new HashSet<int>();
        var pending = new Stack<int>();
        foreach (var state in states) Visit(state);
        while (pending.TryPop(out var state))
        {
            foreach (var (kind, to) in _empty[state])
            {
                if (kind == EmptyKind.Always || (kind == EmptyKind.AtBegin && atBegin) || (kind == EmptyKind.AtEnd && atEnd)) Visit(to);
            }
        }

        // All sets in which the match is found are one.
        if (!atEnd && seen.Contains(_after)) return [_after];
        var closure = seen.ToArray();
        Array.Sort(closure);
        return closure;

        void Visit(int state)
        {
            if (seen.Add(state)) pending.Push(state);
        }
    }

    private int AddState()
    {
        if (_edges.Count >= GrammarLimits.PatternStates) throw new PatternException($"it needs more than {GrammarLimits.PatternStates} states", GrammarErrorReason.TooLarge);
        _edges.Add([]);
        _empty.Add([]);
        return _edges.Count - 1;
    }

    /// <summary>Adds a part after a state.</summary>
    /// <returns>The state after the part.</returns>
    private int Add(PatternNode node, int from)
    {
        var to = AddState();
        switch (node)
        {
            case PatternNode.Characters characters:
                foreach (var (low, high) in characters.Set.Ranges) _edges[from].Add((low, high, to));
                return to;
            case PatternNode.Begin:
                _empty[from].Add((EmptyKind.AtBegin, to));
                return to;
            case PatternNode.End:
                _empty[from].Add((EmptyKind.AtEnd, to));
                return to;
            case PatternNode.Sequence sequence:
                foreach (var part in sequence.Parts) from = Add(part, from);
                _empty[from].Add((EmptyKind.Always, to));
                return to;
            case PatternNode.Choice choice:
                foreach (var part in choice.Parts)
                {
                    // Each part begins apart: a loop at its begin must not lead into another.
                    var begin = AddState();
                    _empty[from].Add((EmptyKind.Always, begin));
                    _empty[Add(part, begin)].Add((EmptyKind.Always, to));
                }

                return to;
            case PatternNode.Repeat repeat:
                AddRepeat(repeat, from, to);
                return to;
            default:
                throw new InvalidOperationException($"A {node.GetType().Name} is not a pattern.");
        }
    }

    private void AddRepeat(PatternNode.Repeat repeat, int from, int to)
    {
        for (var count = 0; count < repeat.Minimum; count++) from = Add(repeat.Part, from);
        if (repeat.Maximum is { } maximum)
        {
            for (var count = repeat.Minimum; count < maximum; count++)
            {
                _empty[from].Add((EmptyKind.Always, to));
                from = Add(repeat.Part, from);
            }
        }
        else
        {
            var loop = AddState();
            _empty[from].Add((EmptyKind.Always, loop));
            _empty[Add(repeat.Part, loop)].Add((EmptyKind.Always, loop));
            from = loop;
        }

        _empty[from].Add((EmptyKind.Always, to));
    }
}
