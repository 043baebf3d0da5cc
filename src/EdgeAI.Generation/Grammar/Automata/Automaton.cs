namespace EdgeAI.Generation;

/// <summary>
/// A deterministic automaton over bytes for each rule, joined by calls: with a stack of returns it accepts what the grammar describes. Every state can be
/// completed. Immutable and thread-safe.
/// </summary>
internal sealed class Automaton
{
    /// <summary>States with more ranges than this get a table of 256 targets.</summary>
    private const int SparseRanges = 3;

    /// <summary>16 MB of tables.</summary>
    private const int MaximumTables = 16_384;

    private readonly int[] _edgeStart;
    private readonly ByteEdge[] _edges;
    private readonly int[] _table;
    private readonly int[] _targets;
    private readonly int[] _callStart;
    private readonly (int Rule, int Return)[] _calls;
    private readonly (int Minimum, int Maximum)[] _counters;
    private readonly StateTraits[] _traits;
    private readonly int[] _counter;
    private readonly int[] _heights;
    private readonly int[] _ruleStart;
    private readonly bool[] _ruleNests;

    public Automaton(
        List<BuiltState> states, List<int> ruleStart, List<bool> ruleNests, List<(int Minimum, int Maximum)> counters, int[] heights, int start, int maxDepth)
    {
        Start = start;
        MaxDepth = maxDepth;
        _heights = heights;
        _ruleStart = [.. ruleStart];
        _ruleNests = [.. ruleNests];
        _counters = [.. counters];
        _counter = [.. states.Select(state => state.Counter)];
        _edgeStart = new int[states.Count + 1];
        _callStart = new int[states.Count + 1];
        _table = new int[states.Count];
        _traits = new StateTraits[states.Count];
        var edges = new List<ByteEdge>();
        var calls = new List<(int Rule, int Return)>();
        var targets = new List<int>();
        for (var index = 0; index < states.Count; index++)
        {
            var state = states[index];
            edges.AddRange(state.Edges);
            calls.AddRange(state.Calls);
            _edgeStart[index + 1] = edges.Count;
            _callStart[index + 1] = calls.Count;
            if (state.Accepts) _traits[index] |= StateTraits.Accepts;
            if (state.IsCounted) _traits[index] |= StateTraits.Counted;
            if (state.Calls.Count > 0) _traits[index] |= StateTraits.Calls;
            _table[index] = -1;
            if (state.Edges.Count <= SparseRanges || targets.Count >= MaximumTables * 256) continue;
            _table[index] = targets.Count;
            var row = new int[256];
            Array.Fill(row, -1);
            foreach (var edge in state.Edges) row.AsSpan(edge.Low, edge.High - edge.Low + 1).Fill(edge.Target);
            targets.AddRange(row);
        }

        _edges = [.. edges];
        _calls = [.. calls];
        _targets = [.. targets];
        for (var index = 0; index < states.Count; index++)
        {
            if (PlainText.LoopsAt(this, index)) _traits[index] |= StateTraits.PlainLoop;
        }
    }

    public int StateCount => _heights.Length;

    /// <summary>Where a text begins. The state that its calls return to is the end.</summary>
    public int Start { get; }

    public int MaxDepth { get; }

    public StateTraits Traits(int state) => _traits[state];

    /// <summary>How many more containers must be opened, at least, to complete the state's rule.</summary>
    public int Height(int state) => _heights[state];

    public ReadOnlySpan<ByteEdge> Edges(int state) => _edges.AsSpan(_edgeStart[state].._edgeStart[state + 1]);

    public ReadOnlySpan<(int Rule, int Return)> Calls(int state) => _calls.AsSpan(_callStart[state].._callStart[state + 1]);

    public int RuleStart(int rule) => _ruleStart[rule];

    public bool RuleNests(int rule) => _ruleNests[rule];

    public int RuleCount => _ruleStart.Length;

    public bool HasCounter(int state) => _counter[state] >= 0;

    /// <summary>How many more characters the state's string may and must have.</summary>
    public (int Most, int Least) Remaining(int state, int count)
    {
        var (minimum, maximum) = _counters[_counter[state]];
        return (maximum == int.MaxValue ? int.MaxValue : maximum - count, Math.Max(0, minimum - count));
    }

    /// <summary>The state after a byte; -1 for none.</summary>
    public int Next(int state, byte value)
    {
        var table = _table[state];
        if (table >= 0) return _targets[table + value];
        foreach (ref readonly var edge in Edges(state))
        {
            if (value < edge.Low) return -1;
            if (value <= edge.High) return edge.Target;
        }

        return -1;
    }

    /// <summary>The state after a byte; -1 for none. Counts characters where the state's string is bounded.</summary>
    public int Next(int state, byte value, ref int count)
    {
        var next = Next(state, value);
        if (next < 0 || (_traits[state] & StateTraits.Counted) == 0) return next;
        var (minimum, maximum) = _counters[_counter[state]];
        if (value == (byte)'"') return count >= minimum ? next : -1;
        if (count >= maximum) return -1;

        // Over its minimum a string without a maximum is like any other: the count stands still, so that masks can be shared.
        if (maximum != int.MaxValue || count < minimum) count++;
        return next;
    }
}
