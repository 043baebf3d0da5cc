namespace EdgeAI.Generation;

/// <summary>
/// Merges the symbols of one part (Sennrich et al. 2015): always the pair of lowest rank, the leftmost first. Symbols form a linked list and candidates a heap,
/// so n symbols take n log n steps, also where a text is one word; a candidate that has changed since is skipped when it surfaces.
/// </summary>
internal sealed class BpeMerger(BpeMerges merges)
{
    private const int None = -1;

    // Below this length looking at all pairs is faster than a heap.
    private const int ShortLength = 24;

    private int[] _ids = [];
    private int[] _next = [];
    private int[] _previous = [];
    private ulong[] _heap = [];
    private int _heapLength;

    /// <summary>How many pairs were looked up and heap entries moved so far: the work, in steps.</summary>
    public long Steps { get; private set; }

    /// <summary>Merges symbols and adds what is left.</summary>
    public void Merge(ReadOnlySpan<int> symbols, List<int> output)
    {
        if (symbols.Length <= ShortLength) MergeShort(symbols, output);
        else MergeLong(symbols, output);
    }

    internal void MergeShort(ReadOnlySpan<int> symbols, List<int> output)
    {
        Span<int> ids = stackalloc int[symbols.Length];
        symbols.CopyTo(ids);
        while (ids.Length > 1)
        {
            var (best, at, merged) = (int.MaxValue, None, 0);
            for (var i = 0; i + 1 < ids.Length; i++)
            {
                Steps++;
                if (merges.TryGet(ids[i], ids[i + 1], out var merge) && merge.Rank < best) (best, at, merged) = (merge.Rank, i, merge.Merged);
            }

            if (at == None) break;
            ids[at] = merged;
            ids[(at + 2)..].CopyTo(ids[(at + 1)..]);
            ids = ids[..^1];
        }

        output.AddRange(ids);
    }

    internal void MergeLong(ReadOnlySpan<int> symbols, List<int> output)
    {
        if (symbols.IsEmpty) return;
        Reserve(symbols.Length);
        symbols.CopyTo(_ids);
        for (var i = 0; i < symbols.Length; i++)
        {
            _previous[i] = i - 1;
            _next[i] = i + 1 < symbols.Length ? i + 1 : None;
        }

        for (var i = 0; i + 1 < symbols.Length; i++) Propose(i);
        while (TryPop(out var rank, out var at)) Apply(rank, at);
        for (var i = 0; i != None; i = _next[i]) output.Add(_ids[i]);
    }

    private void Apply(int rank, int at)
    {
        var right = _next[at];
        if (_ids[at] == None || right == None) return;
        if (!merges.TryGet(_ids[at], _ids[right], out var merge) || merge.Rank != rank) return;
        _ids[at] = merge.Merged;
        _ids[right] = None;
        _next[at] = _next[right];
        if (_next[at] != None) _previous[_next[at]] = at;
        Propose(at);
        if (_previous[at] != None) Propose(_previous[at]);
    }

    private void Propose(int at)
    {
        Steps++;
        if (_next[at] != None && merges.TryGet(_ids[at], _ids[_next[at]], out var merge)) Push(((ulong)(uint)merge.Rank << 32) | (uint)at);
    }

    // Each merge takes one symbol away and proposes two candidates: three times the symbols is the most that the heap ever holds.
    private void Reserve(int length)
    {
        _heapLength = 0;
        if (_ids.Length >= length) return;
        _ids = new int[length];
        _next = new int[length];
        _previous = new int[length];
        _heap = new ulong[length * 3L];
    }

    private void Push(ulong entry)
    {
        var at = _heapLength++;
        while (at > 0)
        {
            Steps++;
            var parent = (at - 1) / 2;
            if (_heap[parent] <= entry) break;
            _heap[at] = _heap[parent];
            at = parent;
        }

        _heap[at] = entry;
    }

    private bool TryPop(out int rank, out int place)
    {
        (rank, place) = (0, 0);
        if (_heapLength == 0) return false;
        (rank, place) = ((int)(_heap[0] >> 32), (int)(uint)_heap[0]);
        var last = _heap[--_heapLength];
        var at = 0;
        for (var child = 1; child < _heapLength; child = (2 * at) + 1)
        {
            Steps++;
            if (child + 1 < _heapLength && _heap[child + 1] < _heap[child]) child++;
            if (last <= _heap[child]) break;
            _heap[at] = _heap[child];
            at = child;
        }

        _heap[at] = last;
        return true;
    }
}
