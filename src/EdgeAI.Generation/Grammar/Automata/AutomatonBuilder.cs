namespace EdgeAI.Generation;

/// <summary>Determinises rules by the subset construction (Rabin and Scott 1959) and joins them into one automaton. Not thread-safe.</summary>
internal sealed class AutomatonBuilder
{
    private readonly int _maxStates;
    private readonly List<int> _ruleStart = [];
    private readonly List<bool> _ruleNests = [];
    private readonly List<BuiltState> _states = [];
    private readonly List<(int Minimum, int Maximum)> _counters = [];
    private long _members;

    public AutomatonBuilder(int maxStates)
    {
        _maxStates = maxStates;
    }

    /// <summary>Names a rule before it is defined, so that rules may call each other.</summary>
    /// <param name="nests">Whether it is a container, which counts for the depth.</param>
    public int DeclareRule(bool nests)
    {
        _ruleStart.Add(-1);
        _ruleNests.Add(nests);
        return _ruleStart.Count - 1;
    }

    public void DefineRule(int rule, RuleNfa nfa)
    {
        var counter = -1;
        if (nfa.Counted >= 0)
        {
            counter = _counters.Count;
            _counters.Add((nfa.MinimumCount, nfa.MaximumCount));
        }

        var closure = new EmptyClosure(nfa);
        var known = new Dictionary<int[], int>(StateSetComparer.Instance);
        var pending = new Queue<(int[] Set, int State)>();
        _ruleStart[rule] = Intern(closure.Of([0]));
        var edges = new List<(int Low, int High, int To)>();
        var calls = new SortedDictionary<int, List<int>>();
        var targets = new List<int>();
        while (pending.TryDequeue(out var item))
        {
            var state = _states[item.State];
            edges.Clear();
            calls.Clear();
            foreach (var member in item.Set)
            {
                state.Accepts |= nfa.Accepts(member);
                state.IsCounted |= member == nfa.Counted;
                foreach (var edge in nfa.Edges(member))
                {
                    if (edge.Kind == RuleNfa.EdgeKind.Bytes) edges.Add((edge.Low, edge.High, edge.To));
                    if (edge.Kind != RuleNfa.EdgeKind.Call) continue;
                    if (!calls.TryGetValue(edge.Low, out var returns)) calls[edge.Low] = returns = [];
                    returns.Add(edge.To);
                }
            }

            foreach (var (called, returns) in calls) state.Calls.Add((called, Intern(closure.Of(returns))));
            if (edges.Count == 1)
            {
                state.Edges.Add(new ByteEdge((byte)edges[0].Low, (byte)edges[0].High, Intern(closure.Of([edges[0].To]))));
                continue;
            }

            AddSegments(state);
        }

        void AddSegments(BuiltState state)
        {
            Span<bool> cuts = stackalloc bool[257];
            cuts.Clear();
            foreach (var (low, high, _) in edges) cuts[low] = cuts[high + 1] = true;
            for (var low = 0; low < 256;)
            {
                var high = low;
                while (high < 255 && !cuts[high + 1]) high++;
                targets.Clear();
                foreach (var edge in edges)
                {
                    if (edge.Low <= low && high <= edge.High) targets.Add(edge.To);
                }

                if (targets.Count > 0)
                {
                    var target = Intern(closure.Of(targets));
                    if (state.Edges.Count > 0 && state.Edges[^1] is var last && last.High == low - 1 && last.Target == target)
                        state.Edges[^1] = last with { High = (byte)high };
                    else
                        state.Edges.Add(new ByteEdge((byte)low, (byte)high, target));
                }

                low = high + 1;
            }
        }

        int Intern(int[] set)
        {
            if (known.TryGetValue(set, out var state)) return state;
            _members += set.Length;
            if (_members > GrammarLimits.SetMembers) throw GrammarException.TooLarge("The work to determinise the grammar", GrammarLimits.SetMembers);
            state = AddState(counter);
            known[set] = state;
            pending.Enqueue((set, state));
            return state;
        }
    }

    /// <summary>Joins all rules.</summary>
    /// <param name="root">The rules that a text may be.</param>
    /// <param name="available">Whether there is a token of just this byte.</param>
    /// <param name="maxDepth">How many containers may be open at once.</param>
    public Automaton Build(IReadOnlyList<int> root, ReadOnlySpan<bool> available, int maxDepth)
    {
        var start = AddState(-1);
        var end = AddState(-1);
        _states[end].Accepts = true;
        foreach (var rule in root) _states[start].Calls.Add((rule, end));
        var all = Enumerable.Repeat(true, 256).ToArray();
        var heights = StateHeights.Compute(_states, _ruleStart, _ruleNests, _counters, all);
        if (heights[start] == StateHeights.Impossible) throw new GrammarException(GrammarErrorReason.Unsatisfiable, "No text fits the grammar.");
        foreach (var state in _states)
        {
            state.Edges.RemoveAll(edge => heights[edge.Target] == StateHeights.Impossible);
            state.Calls.RemoveAll(call => heights[call.Return] == StateHeights.Impossible || heights[_ruleStart[call.Rule]] == StateHeights.Impossible);
        }

        var possible = StateHeights.Compute(_states, _ruleStart, _ruleNests, _counters, available);
        RequireBytes(start, possible, available);
        if (possible[start] > maxDepth)
            throw new GrammarException(GrammarErrorReason.Unsatisfiable, $"Every text that fits the grammar nests {possible[start]} containers or more; at most {maxDepth} are allowed.");
        return new Automaton(_states, _ruleStart, _ruleNests, _counters, possible, start, maxDepth);
    }

    private int AddState(int counter)
    {
        if (_states.Count >= _maxStates) throw GrammarException.TooLarge("The number of the grammar's states", _maxStates);
        _states.Add(new BuiltState { Counter = counter });
        return _states.Count - 1;
    }

    /// <summary>From every state that some token can lead to, single bytes must lead on: so a next token exists whatever came before.</summary>
    private void RequireBytes(int start, int[] heights, ReadOnlySpan<bool> available)
    {
        var seen = new bool[_states.Count];
        var pending = new Stack<int>();
        pending.Push(start);
        seen[start] = true;
        var missing = new SortedSet<byte>();
        while (pending.TryPop(out var index))
        {
            var state = _states[index];
            if (heights[index] == StateHeights.Impossible)
            {
                foreach (var edge in state.Edges)
                {
                    for (int value = edge.Low; value <= edge.High; value++)
                    {
                        if (!available[value]) missing.Add((byte)value);
                    }
                }
            }

            foreach (var edge in state.Edges) Visit(edge.Target);
            foreach (var call in state.Calls)
            {
                Visit(call.Return);
                Visit(_ruleStart[call.Rule]);
            }
        }

        if (missing.Count == 0) return;
        var names = string.Join(", ", missing.Take(12).Select(value => $"0x{value:X2}")) + (missing.Count > 12 ? ", ..." : "");
        throw new GrammarException(GrammarErrorReason.Vocabulary, $"The vocabulary has no tokens of the single bytes {names}; without them a text that fits the grammar could get stuck.");

        void Visit(int index)
        {
            if (seen[index]) return;
            seen[index] = true;
            pending.Push(index);
        }
    }
}
