namespace EdgeAI.Generation;

/// <summary>Which neighbours become one token, and in which order.</summary>
internal sealed class BpeMerges
{
    private readonly Dictionary<long, (int Rank, int Merged)> _merges;

    public BpeMerges(int capacity)
    {
        _merges = new Dictionary<long, (int Rank, int Merged)>(capacity);
    }

    /// <summary>Adds a merge of lower precedence than those before; a pair that comes again takes the later place.</summary>
    public void Add(int left, int right, int rank, int merged) => _merges[Key(left, right)] = (rank, merged);

    public bool TryGet(int left, int right, out (int Rank, int Merged) merge) => _merges.TryGetValue(Key(left, right), out merge);

    // Not one half of the bits each: .NET's hash of that is left ^ right, the same for all pairs of equal tokens, and "aaaa" takes ten times as long.
    private static long Key(int left, int right) => (left * (Vocabulary.MaxId + 3L)) + right;
}
