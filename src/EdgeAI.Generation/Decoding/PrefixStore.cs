namespace EdgeAI.Generation;

/// <summary>
/// Rows of prompts that no slot holds any more, in host memory. Bounded; the least recently used goes first, pinned ones stay. Searched from end to end: entries are
/// conversations, tens at most. Not thread-safe.
/// </summary>
/// <param name="limit">Bytes of rows that are kept beside pinned ones; 0 keeps none.</param>
/// <param name="rowBytes">Bytes of a row.</param>
internal sealed class PrefixStore(long limit, long rowBytes) : IDisposable
{
    // Fewer rows are computed about as quickly as they are kept in order.
    private const int FewestRows = 16;

    private readonly List<PrefixEntry> _entries = [];

    /// <summary>Bytes of rows that are kept, pinned ones not counted.</summary>
    public long Bytes { get; private set; }

    public IReadOnlyList<PrefixEntry> Entries => _entries;

    /// <summary>The entry that has most of a prompt's beginning, and how much that is; the prompt's last token is never taken from one.</summary>
    public PrefixEntry? Find(ReadOnlySpan<int> prompt, out int rows)
    {
        rows = 0;
        PrefixEntry? best = null;
        foreach (var entry in _entries)
        {
            var common = Math.Min(entry.Tokens.CommonPrefixLength(prompt), prompt.Length - 1);
            if (common > rows) (best, rows) = (entry, common);
        }

        return best;
    }

    /// <summary>Whether these rows are worth keeping: enough of them, not more than fit, and not held already.</summary>
    public bool Wants(ReadOnlySpan<int> tokens)
    {
        if (tokens.Length < FewestRows || tokens.Length * rowBytes > limit) return false;
        foreach (var entry in _entries)
        {
            if (entry.Count >= tokens.Length && entry.Tokens.StartsWith(tokens)) return false;
        }

        return true;
    }

    /// <summary>Keeps an entry, whose rows it owns from now on. Others that it makes superfluous go, and so do the least recently used where memory is needed.</summary>
    public void Add(PrefixEntry entry)
    {
        for (var i = _entries.Count - 1; i >= 0; i--)
        {
            if (_entries[i].IsPinned || !entry.Tokens.StartsWith(_entries[i].Tokens)) continue;
            entry.Superseded = [.. entry.Superseded, _entries[i].TokenMemory, .. _entries[i].Superseded];
            RemoveAt(i);
        }

        if (!entry.IsPinned)
        {
            while (Bytes + BytesOf(entry) > limit && LeastRecentlyUsed() is >= 0 and var oldest) RemoveAt(oldest);
            Bytes += BytesOf(entry);
        }

        _entries.Add(entry);
    }

    public void Dispose()
    {
        foreach (var entry in _entries) entry.Dispose();
        _entries.Clear();
        Bytes = 0;
    }

    private int LeastRecentlyUsed()
    {
        var oldest = -1;
        for (var i = 0; i < _entries.Count; i++)
        {
            if (!_entries[i].IsPinned && (oldest < 0 || _entries[i].LastUsed < _entries[oldest].LastUsed)) oldest = i;
        }

        return oldest;
    }

    private void RemoveAt(int index)
    {
        if (!_entries[index].IsPinned) Bytes -= BytesOf(_entries[index]);
        _entries[index].Dispose();
        _entries.RemoveAt(index);
    }

    private long BytesOf(PrefixEntry entry) => entry.Count * rowBytes;
}
