namespace EdgeAI.Generation;

/// <summary>Finds several texts at once, character by character (Aho and Corasick, "Efficient string matching", 1975). Immutable and thread-safe.</summary>
internal sealed class StopSequenceAutomaton
{
    /// <summary>Where a text begins.</summary>
    public const int Start = 0;

    private readonly Dictionary<(int State, char Next), int> _edges = [];
    private readonly List<int> _depths = [0];
    private readonly List<int> _matches = [0];
    private readonly int[] _fallbacks;

    /// <param name="sequences">Not empty ones.</param>
    public StopSequenceAutomaton(IReadOnlyList<string> sequences)
    {
        foreach (var sequence in sequences) _matches[Insert(sequence)] = sequence.Length;
        _fallbacks = new int[_depths.Count];

        // Shorter prefixes first: the fallback of each leads over that of its parent.
        foreach (var ((parent, next), state) in _edges.OrderBy(edge => _depths[edge.Value]))
        {
            _fallbacks[state] = parent == Start ? Start : Step(_fallbacks[parent], next);
            if (_matches[state] == 0) _matches[state] = _matches[_fallbacks[state]];
        }
    }

    /// <summary>The state after one more character.</summary>
    public int Step(int state, char next)
    {
        int reached;
        while (!_edges.TryGetValue((state, next), out reached))
        {
            if (state == Start) return Start;
            state = _fallbacks[state];
        }

        return reached;
    }

    /// <summary>How many of the last characters may become, or are, a sequence.</summary>
    public int Depth(int state) => _depths[state];

    /// <summary>The length of the longest sequence that ends here; 0 for none.</summary>
    public int Match(int state) => _matches[state];

    private int Insert(string sequence)
    {
        var state = Start;
        foreach (var next in sequence)
        {
            if (!_edges.TryGetValue((state, next), out var reached))
            {
                _edges[(state, next)] = reached = _depths.Count;
                _depths.Add(_depths[state] + 1);
                _matches.Add(0);
            }

            state = reached;
        }

        return state;
    }
}
