namespace EdgeAI.Generation;

/// <summary>Which states of a rule are reached without a byte.</summary>
internal sealed class EmptyClosure(RuleNfa nfa)
{
    private readonly Stack<int> _pending = new();
    private readonly HashSet<int> _seen = [];

    /// <summary>The states and all that empty edges lead to, sorted.</summary>
    public int[] Of(IEnumerable<int> states)
    {
        _seen.Clear();
        foreach (var state in states) Visit(state);
        while (_pending.TryPop(out var state))
        {
            foreach (var edge in nfa.Edges(state))
            {
                if (edge.Kind == RuleNfa.EdgeKind.Empty) Visit(edge.To);
            }
        }

        var closure = _seen.ToArray();
        Array.Sort(closure);
        return closure;
    }

    private void Visit(int state)
    {
        if (_seen.Add(state)) _pending.Push(state);
    }
}
