namespace EdgeAI.Generation;

/// <summary>
/// Tokens by their bytes: a tree whose nodes lie in depth-first order, so that a walk goes straight through memory and a subtree is left out by one jump.
/// Immutable and thread-safe.
/// </summary>
internal sealed class VocabularyTrie
{
    private readonly byte[] _labels;
    private readonly ushort[] _depths;
    private readonly int[] _ends;
    private readonly int[] _tokenStart;
    private readonly int[] _tokens;

    /// <summary>Builds the tree.</summary>
    /// <param name="tokens">Ids sorted by their bytes.</param>
    /// <param name="bytes">The bytes of an id: one or more.</param>
    public VocabularyTrie(ReadOnlySpan<int> tokens, Func<int, ReadOnlyMemory<byte>> bytes)
    {
        var labels = new List<byte>();
        var depths = new List<ushort>();
        var ends = new List<int>();
        var starts = new List<int>();
        _tokens = tokens.ToArray();
        var path = new List<int>();
        ReadOnlySpan<byte> before = default;
        for (var i = 0; i < tokens.Length; i++)
        {
            var text = bytes(tokens[i]).Span;
            var common = text.CommonPrefixLength(before);
            for (var depth = path.Count; depth > common; depth--)
            {
                ends[path[depth - 1]] = labels.Count;
                path.RemoveAt(depth - 1);
            }

            // Tokens that begin with a node's bytes follow its own in the sorted order: its own are those before the next node's.
            for (var depth = common; depth < text.Length; depth++)
            {
                path.Add(labels.Count);
                labels.Add(text[depth]);
                depths.Add((ushort)(depth + 1));
                ends.Add(-1);
                starts.Add(i);
            }

            MaxLength = Math.Max(MaxLength, text.Length);
            before = text;
        }

        foreach (var node in path) ends[node] = labels.Count;
        starts.Add(tokens.Length);
        _labels = [.. labels];
        _depths = [.. depths];
        _ends = [.. ends];
        _tokenStart = [.. starts];
    }

    public int NodeCount => _labels.Length;

    /// <summary>The length of the longest token, in bytes.</summary>
    public int MaxLength { get; }

    public ReadOnlySpan<byte> Labels => _labels;

    /// <summary>How many bytes lead to a node, its own included.</summary>
    public ReadOnlySpan<ushort> Depths => _depths;

    /// <summary>The node after a node's subtree.</summary>
    public ReadOnlySpan<int> Ends => _ends;

    /// <summary>The child of a node, or of the root where it is -1, by its byte; -1 for none.</summary>
    public int Child(int node, byte label)
    {
        var end = node < 0 ? NodeCount : _ends[node];
        for (var child = node + 1; child < end; child = _ends[child])
        {
            if (_labels[child] == label) return child;
        }

        return -1;
    }

    /// <summary>Whether longer tokens begin with a node's bytes.</summary>
    public bool HasChildren(int node) => _ends[node] > node + 1;

    /// <summary>The tokens that end at a node.</summary>
    public ReadOnlySpan<int> TokensAt(int node) => _tokens.AsSpan(_tokenStart[node].._tokenStart[node + 1]);

    /// <summary>The tokens of a node's subtree, its own included.</summary>
    public ReadOnlySpan<int> TokensBelow(int node) => _tokens.AsSpan(_tokenStart[node].._tokenStart[_ends[node]]);
}
