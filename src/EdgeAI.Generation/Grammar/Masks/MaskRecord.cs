namespace EdgeAI.Generation;

/// <summary>What a walk from a state finds out besides the tokens that it allows. Used once; not thread-safe.</summary>
/// <param name="usualCost">What the state needs to be completed.</param>
/// <param name="height">Containers that it must open at least: so many are sure to be possible.</param>
internal sealed class MaskRecord(int usualCost, int height)
{
    // With more the trie is walked again near the limit of tokens, which takes some milliseconds at 150,000 tokens. 256 KB.
    private const int MostCosts = 1 << 15;

    private readonly int _height = height;
    private int _deepEnd;

    public int UsualCost => usualCost;

    /// <summary>Tokens that were allowed, each as often as it was.</summary>
    public int Count { get; private set; }

    public int LeastCost { get; private set; } = CompletionCosts.Impossible;

    public int MostCost { get; private set; }

    /// <summary>Tokens after which another number of tokens than usual is needed; <see langword="null"/> where there are too many.</summary>
    public List<(int Token, int Cost)>? Costs { get; private set; } = [];

    /// <summary>Nodes at which the rule is complete and longer tokens go on.</summary>
    public List<int> Escapes { get; } = [];

    /// <summary>Roots of the subtrees that open more containers than the state must.</summary>
    public List<int> Deep { get; } = [];

    /// <summary>The deepest that a token goes, counted from the state, with what it needs to be completed.</summary>
    public int Reach { get; private set; } = height;

    public void Reached(int node, int reach, VocabularyTrie trie)
    {
        if (reach <= _height) return;
        Reach = Math.Max(Reach, reach);
        if (node < _deepEnd) return;
        Deep.Add(node);
        _deepEnd = trie.Ends[node];
    }

    public void Allowed(ReadOnlySpan<int> tokens, int cost)
    {
        LeastCost = Math.Min(LeastCost, cost);
        MostCost = Math.Max(MostCost, cost);
        Count += tokens.Length;
        if (cost == usualCost || Costs is null) return;
        foreach (var token in tokens) Costs.Add((token, cost));
        if (Costs.Count > MostCosts) Costs = null;
    }

    /// <summary>Many tokens are allowed, each of which may need another number of tokens.</summary>
    public void AllowedAll(int leastCost, int mostCost)
    {
        Allowed([], leastCost);
        Allowed([], mostCost);
        if (leastCost != usualCost || mostCost != usualCost) Costs = null;
    }

    /// <summary>What the tokens need is not known one by one.</summary>
    public void ForgetCosts() => Costs = null;
}
