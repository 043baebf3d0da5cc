using System.Text;

namespace EdgeAI.Generation;

/// <summary>A rule under construction: a nondeterministic automaton over bytes whose edges may also call a rule. State 0 is its start.</summary>
internal sealed class RuleNfa
{
    private readonly List<Edge> _edges = [];
    private readonly List<int> _first = [];
    private readonly List<bool> _accepts = [];

    public RuleNfa()
    {
        AddState();
    }

    public int Count => _first.Count;

    /// <summary>The state before each character of a string whose length is bounded; -1 for none.</summary>
    public int Counted { get; private set; } = -1;

    public int MinimumCount { get; private set; }

    public int MaximumCount { get; private set; }

    public int AddState()
    {
        if (_first.Count >= GrammarLimits.RuleStates) throw GrammarException.TooLarge("The number of a rule's states", GrammarLimits.RuleStates);
        _first.Add(-1);
        _accepts.Add(false);
        return _first.Count - 1;
    }

    public void Accept(int state) => _accepts[state] = true;

    public bool Accepts(int state) => _accepts[state];

    public void CountCharacters(int state, int minimum, int maximum) => (Counted, MinimumCount, MaximumCount) = (state, minimum, maximum);

    public void AddRange(int from, byte low, byte high, int to) => Add(from, new Edge(EdgeKind.Bytes, low, high, to, _first[from]));

    public void AddByte(int from, byte value, int to) => AddRange(from, value, value, to);

    public void AddEmpty(int from, int to) => Add(from, new Edge(EdgeKind.Empty, 0, 0, to, _first[from]));

    public void AddCall(int from, int rule, int to) => Add(from, new Edge(EdgeKind.Call, rule, rule, to, _first[from]));

    /// <summary>Adds a chain of bytes.</summary>
    /// <returns>The state after them.</returns>
    public int AddText(int from, ReadOnlySpan<byte> text)
    {
        foreach (var value in text)
        {
            var to = AddState();
            AddByte(from, value, to);
            from = to;
        }

        return from;
    }

    public int AddText(int from, string text) => AddText(from, Encoding.UTF8.GetBytes(text));

    /// <summary>Adds the one space that may follow a colon or a comma.</summary>
    public int AddOptionalSpace(int from)
    {
        var to = AddState();
        AddByte(from, (byte)' ', to);
        AddEmpty(from, to);
        return to;
    }

    public EdgeEnumerator Edges(int state) => new(_edges, _first[state]);

    private void Add(int from, Edge edge)
    {
        _first[from] = _edges.Count;
        _edges.Add(edge);
    }

    internal enum EdgeKind : byte
    {
        Bytes,
        Empty,
        Call,
    }

    /// <summary>One of a state's edges. Low is the first byte, or the rule that is called.</summary>
    internal readonly record struct Edge(EdgeKind Kind, int Low, int High, int To, int Next);

    internal struct EdgeEnumerator(List<Edge> edges, int first)
    {
        private int _next = first;

        public Edge Current { get; private set; }

        public readonly EdgeEnumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_next < 0) return false;
            Current = edges[_next];
            _next = Current.Next;
            return true;
        }
    }
}
