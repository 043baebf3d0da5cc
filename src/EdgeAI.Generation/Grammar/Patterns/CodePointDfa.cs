namespace EdgeAI.Generation;

/// <summary>A deterministic automaton over characters: what a string's value may be, before it is escaped and encoded. State 0 is the start. Immutable.</summary>
internal sealed class CodePointDfa
{
    private readonly List<CodePointEdge[]> _edges = [];
    private readonly List<bool> _accepts = [];

    private CodePointDfa()
    {
    }

    public int Count => _edges.Count;

    public ReadOnlySpan<CodePointEdge> Edges(int state) => _edges[state];

    public bool Accepts(int state) => _accepts[state];

    /// <summary>The texts in which an expression, which is not anchored unless it says so, finds a match.</summary>
    /// <exception cref="PatternException">The expression is wrong, not supported or too large.</exception>
    public static CodePointDfa FromPattern(string pattern)
    {
        var nfa = new PatternNfa(PatternParser.Parse(pattern));
        var dfa = new CodePointDfa();
        var known = new Dictionary<int[], int>(StateSetComparer.Instance);
        var pending = new Queue<(int[] Set, bool AtBegin)>();
        var members = 0L;
        Intern(nfa.Begin(), atBegin: true);
        while (pending.TryDequeue(out var item))
        {
            var edges = nfa.Edges(item.Set);
            dfa._accepts.Add(nfa.Accepts(item.Set, item.AtBegin));
            dfa._edges.Add(Partition(edges.Select(edge => (edge.Low, edge.High)), low =>
            {
                var targets = edges.Where(edge => edge.Low <= low && low <= edge.High).Select(edge => edge.To);
                return Intern(nfa.Closure(targets, atBegin: false, atEnd: false), atBegin: false);
            }));
        }

        return dfa;

        int Intern(int[] set, bool atBegin)
        {
            if (!atBegin && known.TryGetValue(set, out var state)) return state;
            members += set.Length;
            if (known.Count >= GrammarLimits.PatternStates || members > GrammarLimits.SetMembers) throw new PatternException($"it needs more than {GrammarLimits.PatternStates} states", GrammarErrorReason.TooLarge);

            // The begin is a state of its own, which no other equals.
            state = known.Count;
            known[atBegin ? [-1] : set] = state;
            pending.Enqueue((set, atBegin));
            return state;
        }
    }

    /// <summary>All texts but some.</summary>
    public static CodePointDfa Except(IEnumerable<string> texts)
    {
        var dfa = new CodePointDfa();
        var children = new List<SortedDictionary<int, int>>();
        AddNode();
        foreach (var text in texts)
        {
            var node = 0;
            foreach (var rune in text.EnumerateRunes())
            {
                if (!children[node].TryGetValue(rune.Value, out var child)) children[node][rune.Value] = child = AddNode();
                node = child;
            }

            dfa._accepts[node] = false;
        }

        var other = AddNode();
        for (var node = 0; node < children.Count; node++)
        {
            var own = children[node];
            var rest = CodePointSet.Of(own.Keys.Select(value => (value, value))).Negate();
            dfa._edges.Add([.. own.Select(child => new CodePointEdge(child.Key, child.Key, child.Value)), .. rest.Ranges.ToArray().Select(range => new CodePointEdge(range.Low, range.High, other))]);
        }

        return dfa;

        int AddNode()
        {
            children.Add([]);
            dfa._accepts.Add(true);
            return children.Count - 1;
        }
    }

    /// <summary>The texts that several automata accept and that have so many characters.</summary>
    public static CodePointDfa Intersect(IReadOnlyList<CodePointDfa> automata, int minimum, int maximum)
    {
        var dfa = new CodePointDfa();
        var known = new Dictionary<int[], int>(StateSetComparer.Instance);
        var pending = new Queue<int[]>();
        Intern(new int[automata.Count + 1]);
        while (pending.TryDequeue(out var item))
        {
            var count = item[^1];
            dfa._accepts.Add(count >= minimum && automata.Select((automaton, index) => automaton.Accepts(item[index])).All(accepts => accepts));
            if (count >= maximum && maximum != int.MaxValue)
            {
                dfa._edges.Add([]);
                continue;
            }

            var ranges = automata.SelectMany((automaton, index) => automaton.Edges(item[index]).ToArray().Select(edge => (edge.Low, edge.High)));
            dfa._edges.Add(Partition(ranges, low =>
            {
                var next = new int[item.Length];
                for (var index = 0; index < automata.Count; index++)
                {
                    next[index] = automata[index].Next(item[index], low);
                    if (next[index] < 0) return -1;
                }

                next[^1] = maximum == int.MaxValue ? Math.Min(count + 1, minimum) : count + 1;
                return Intern(next);
            }));
        }

        return dfa;

        int Intern(int[] states)
        {
            if (known.TryGetValue(states, out var state)) return state;
            if (known.Count >= 4 * GrammarLimits.PatternStates) throw new PatternException($"together with its lengths or others it needs more than {4 * GrammarLimits.PatternStates} states", GrammarErrorReason.TooLarge);
            state = known.Count;
            known[states] = state;
            pending.Enqueue(states);
            return state;
        }
    }

    private int Next(int state, int value)
    {
        foreach (var edge in _edges[state])
        {
            if (edge.Low <= value && value <= edge.High) return edge.Target;
        }

        return -1;
    }

    /// <summary>Cuts ranges at all borders, and asks for each piece's target; -1 for none.</summary>
    private static CodePointEdge[] Partition(IEnumerable<(int Low, int High)> ranges, Func<int, int> target)
    {
        var all = CodePointSet.Of(ranges);
        var cuts = ranges.SelectMany(range => new[] { range.Low, range.High + 1 }).Distinct().Order().ToArray();
        var edges = new List<CodePointEdge>();
        foreach (var (low, high) in all.Ranges)
        {
            for (var from = low; from <= high;)
            {
                var index = Array.BinarySearch(cuts, from);
                index = index >= 0 ? index + 1 : ~index;
                var to = index < cuts.Length ? Math.Min(high, cuts[index] - 1) : high;
                var next = target(from);
                if (next >= 0 && edges.Count > 0 && edges[^1].Target == next && edges[^1].High == from - 1) edges[^1] = edges[^1] with { High = to };
                else if (next >= 0) edges.Add(new CodePointEdge(from, to, next));
                from = to + 1;
            }
        }

        return [.. edges];
    }
}

/// <summary>Characters from low to high lead to a state.</summary>
internal readonly record struct CodePointEdge(int Low, int High, int Target);
