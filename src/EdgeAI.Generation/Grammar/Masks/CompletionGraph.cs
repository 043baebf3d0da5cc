namespace EdgeAI.Generation;

/// <summary>An automaton's states joined by tokens and calls, backwards. Used once; not thread-safe.</summary>
internal sealed class CompletionGraph
{
    private const int None = -1;

    private readonly Automaton _automaton;
    private readonly TokenVocabulary _vocabulary;
    private readonly int _narrowBytes;
    private readonly int _mostVisits;
    private readonly int[] _firstEdge;
    private readonly int[] _firstCall;
    private readonly List<(int From, int Next)> _edges = [];
    private readonly List<(int From, int Rule, int Return, int Next)> _calls = [];
    private readonly int[] _rootChildren = new int[256];
    private readonly List<int> _targets = [];
    private int _visits;

    public CompletionGraph(Automaton automaton, TokenVocabulary vocabulary, int narrowBytes, int mostVisits)
    {
        _automaton = automaton;
        _vocabulary = vocabulary;
        _narrowBytes = narrowBytes;
        _mostVisits = mostVisits;
        _firstEdge = new int[automaton.StateCount];
        _firstCall = new int[automaton.StateCount];
        Array.Fill(_firstEdge, None);
        Array.Fill(_firstCall, None);
        for (var value = 0; value < 256; value++) _rootChildren[value] = vocabulary.Tokens.Child(None, (byte)value);
        for (var state = 0; state < automaton.StateCount; state++)
        {
            if (automaton.Height(state) == StateHeights.Impossible) continue;
            AddTokens(state);
            foreach (var (rule, next) in automaton.Calls(state)) AddCall(state, rule, next);
        }
    }

    /// <summary>The cheapest completion of each state, and of equal ones the lowest.</summary>
    /// <param name="lowestOnly">Whether only ways count that open as few containers as any.</param>
    public (int[] Costs, int[] Heights) Solve(bool lowestOnly)
    {
        var costs = new int[_automaton.StateCount];
        var heights = new int[_automaton.StateCount];
        var done = new bool[_automaton.StateCount];
        Array.Fill(costs, CompletionCosts.Impossible);
        var pending = new PriorityQueue<int, (int Cost, int Height)>();
        for (var state = 0; state < costs.Length; state++)
        {
            if ((_automaton.Traits(state) & StateTraits.Accepts) != 0) Offer(state, 0, 0);
        }

        while (pending.TryDequeue(out var state, out _))
        {
            if (done[state]) continue;
            done[state] = true;
            for (var edge = _firstEdge[state]; edge != None; edge = _edges[edge].Next) Offer(_edges[edge].From, costs[state] + 1, heights[state]);
            for (var call = _firstCall[state]; call != None; call = _calls[call].Next)
            {
                var (from, rule, next, _) = _calls[call];
                var start = _automaton.RuleStart(rule);
                if (!done[start] || !done[next]) continue;
                var counted = _automaton.HasCounter(start) ? _automaton.Remaining(start, 0).Least : 0;
                Offer(from, Math.Min(CompletionCosts.Impossible, costs[start] + costs[next] + counted), Math.Max(heights[start] + (_automaton.RuleNests(rule) ? 1 : 0), heights[next]));
            }
        }

        return (costs, heights);

        void Offer(int state, int cost, int height)
        {
            if (lowestOnly && height != _automaton.Height(state)) return;
            if (done[state] || (cost, height).CompareTo((costs[state], heights[state])) >= 0) return;
            (costs[state], heights[state]) = (cost, height);
            pending.Enqueue(state, (cost, height));
        }
    }

    private void AddCall(int from, int rule, int next)
    {
        var start = _automaton.RuleStart(rule);
        if (_automaton.Height(start) == StateHeights.Impossible || _automaton.Height(next) == StateHeights.Impossible) return;
        Add(start);
        if (next != start) Add(next);

        void Add(int trigger)
        {
            _calls.Add((from, rule, next, _firstCall[trigger]));
            _firstCall[trigger] = _calls.Count - 1;
        }
    }

    /// <summary>Adds the tokens that lead from a state to another of its rule: single bytes, and longer ones through narrow states.</summary>
    private void AddTokens(int state)
    {
        _targets.Clear();
        foreach (var edge in _automaton.Edges(state))
        {
            for (int value = edge.Low; value <= edge.High; value++)
            {
                if (!_vocabulary.Available[value]) continue;
                AddTarget(edge.Target);
                break;
            }
        }

        _visits = 0;
        if (IsNarrow(state)) AddLonger(state, None);
        foreach (var target in _targets)
        {
            _edges.Add((state, _firstEdge[target]));
            _firstEdge[target] = _edges.Count - 1;
        }
    }

    private void AddLonger(int state, int node)
    {
        var trie = _vocabulary.Tokens;
        foreach (var edge in _automaton.Edges(state))
        {
            for (int value = edge.Low; value <= edge.High; value++)
            {
                var child = node == None ? _rootChildren[value] : trie.Child(node, (byte)value);
                if (child < 0) continue;
                if (node != None && !trie.TokensAt(child).IsEmpty) AddTarget(edge.Target);
                if (++_visits < _mostVisits && trie.HasChildren(child) && IsNarrow(edge.Target)) AddLonger(edge.Target, child);
            }
        }
    }

    private void AddTarget(int target)
    {
        if (_automaton.Height(target) != StateHeights.Impossible && !_targets.Contains(target)) _targets.Add(target);
    }

    private bool IsNarrow(int state)
    {
        var bytes = 0;
        foreach (var edge in _automaton.Edges(state))
        {
            bytes += edge.High - edge.Low + 1;
            if (bytes > _narrowBytes) return false;
        }

        return bytes > 0 && (_automaton.Traits(state) & StateTraits.Counted) == 0;
    }
}
