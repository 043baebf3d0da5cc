namespace EdgeAI.Generation;

/// <summary>
/// How many tokens are enough to complete the rule that a state is in: the fewest single bytes, and longer tokens where the text is narrow, as in names. Found by Knuth's generalisation of Dijkstra's algorithm to
/// grammars (1977). Tokens that begin in one rule and end in another are left out, so the true number may be less, never more. Immutable and thread-safe.
/// </summary>
internal sealed class CompletionCosts
{
    public const int Impossible = int.MaxValue / 4;

    // Where more bytes than this can follow, longer tokens are not looked at: a string's characters, for instance.
    private const int NarrowBytes = 16;

    private const int MostVisits = 200;

    private readonly Automaton _automaton;
    private readonly int[] _costs;
    private readonly int[] _heights;
    private readonly int[] _lowCosts;

    /// <summary>Computes the costs of all states.</summary>
    public CompletionCosts(Automaton automaton, TokenVocabulary vocabulary)
    {
        _automaton = automaton;
        var graph = new CompletionGraph(automaton, vocabulary, NarrowBytes, MostVisits);
        (_costs, _heights) = graph.Solve(lowestOnly: false);
        (_lowCosts, _) = graph.Solve(lowestOnly: true);
    }

    /// <summary>Containers that the cheapest way opens above those that are open.</summary>
    public int HeightOf(int state) => _heights[state];

    /// <summary>The cost of a state, the characters that its string still must have included.</summary>
    /// <param name="state">The state.</param>
    /// <param name="count">Characters counted in it.</param>
    /// <param name="depth">Containers that are open: near the limit only the way that opens fewest is sure to be possible.</param>
    public int Of(int state, int count, int depth)
    {
        var cost = depth + _heights[state] <= _automaton.MaxDepth ? _costs[state] : _lowCosts[state];
        return _automaton.HasCounter(state) ? cost + _automaton.Remaining(state, count).Least : cost;
    }
}
