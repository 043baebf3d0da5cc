namespace EdgeAI.Generation;

/// <summary>Finds the tokens that a text begins with. Immutable once filled, and thread-safe then.</summary>
internal sealed class TokenTrie
{
    /// <summary>The node above all.</summary>
    public const int Root = 0;

    private readonly Dictionary<long, int> _children = [];
    private readonly List<int> _ids = [-1];

    public void Add(string token, int id)
    {
        var node = Root;
        foreach (var unit in token)
        {
            if (!TryStep(node, unit, out var child))
            {
                child = _ids.Count;
                _ids.Add(-1);
                _children.Add(Key(node, unit), child);
            }

            node = child;
        }

        _ids[node] = id;
    }

    public bool TryStep(int node, char unit, out int child) => _children.TryGetValue(Key(node, unit), out child);

    /// <summary>The token that ends at a node; negative where none does.</summary>
    public int IdAt(int node) => _ids[node];

    private static long Key(int node, char unit) => ((long)node << 16) | unit;
}
