namespace EdgeAI.Generation;

/// <summary>
/// Remembers by which tokens the last answers were generated. The text of an answer can be tokenised in several ways, and only the one that was generated finds its keys and values
/// in the cache. The answer used longest ago goes first. Thread-safe.
/// </summary>
internal sealed class AnswerMemory(int capacity)
{
    /// <summary>16 MiB.</summary>
    private const int MaxTokens = 4 << 20;

    private readonly Dictionary<string, LinkedListNode<(string Key, RememberedAnswer Answer)>> _nodes = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Key, RememberedAnswer Answer)> _byUse = [];
    private readonly Lock _gate = new();
    private long _tokens;

    /// <summary>Remembers an answer in place of an earlier one with the same key.</summary>
    public void Add(string key, RememberedAnswer answer)
    {
        lock (_gate)
        {
            if (_nodes.TryGetValue(key, out var old)) Remove(old);
            _nodes[key] = _byUse.AddLast((key, answer));
            _tokens += answer.Tokens.Length;
            while (_byUse.First is { } oldest && (_byUse.Count > capacity || _tokens > MaxTokens)) Remove(oldest);
        }
    }

    public RememberedAnswer? Find(string key)
    {
        lock (_gate)
        {
            if (!_nodes.TryGetValue(key, out var node)) return null;
            _byUse.Remove(node);
            _byUse.AddLast(node);
            return node.Value.Answer;
        }
    }

    private void Remove(LinkedListNode<(string Key, RememberedAnswer Answer)> node)
    {
        _byUse.Remove(node);
        _nodes.Remove(node.Value.Key);
        _tokens -= node.Value.Answer.Tokens.Length;
    }
}
