namespace EdgeAI.Scheduling;

/// <summary>
/// Items in order of urgency. A binary heap that knows where each item is, so that removing any item costs O(log n).
/// </summary>
internal sealed class WorkHeap(WorkHeap.IndexAccessor index, WorkHeap.Order precedes)
{
    private readonly List<WorkItem> _items = [];

    public delegate ref int IndexAccessor(WorkItem item);

    public delegate bool Order(WorkItem a, WorkItem b);

    /// <summary>The earliest deadline first, then arrival.</summary>
    public static Order ByDeadline { get; } = static (a, b) => a.Deadline != b.Deadline ? a.Deadline < b.Deadline : a.Sequence < b.Sequence;

    /// <summary>The more urgent level first, then the earliest deadline, then arrival.</summary>
    public static Order ByUrgency { get; } = static (a, b) => a.Level != b.Level ? a.Level < b.Level : ByDeadline(a, b);

    public int Count => _items.Count;

    public WorkItem First => _items[0];

    public void Add(WorkItem item)
    {
        _items.Add(item);
        index(item) = _items.Count - 1;
        Rise(_items.Count - 1);
    }

    /// <summary>Predicted work of the items whose deadline is no later.</summary>
    public long WorkDueBy(long deadline)
    {
        var work = 0L;
        foreach (var item in _items) work += item.Deadline <= deadline ? item.Share : 0;
        return work;
    }

    public bool Remove(WorkItem item)
    {
        var at = index(item);
        if (at < 0) return false;
        index(item) = -1;
        var last = _items.Count - 1;
        var moved = _items[last];
        _items.RemoveAt(last);
        if (at == last) return true;

        _items[at] = moved;
        index(moved) = at;
        if (!Rise(at)) Sink(at);
        return true;
    }

    private bool Rise(int at)
    {
        var moved = false;
        while (at > 0)
        {
            var parent = (at - 1) / 2;
            if (!precedes(_items[at], _items[parent])) break;
            Swap(at, parent);
            at = parent;
            moved = true;
        }

        return moved;
    }

    private void Sink(int at)
    {
        while (true)
        {
            var least = at;
            for (var child = (2 * at) + 1; child <= (2 * at) + 2 && child < _items.Count; child++)
            {
                if (precedes(_items[child], _items[least])) least = child;
            }

            if (least == at) return;
            Swap(at, least);
            at = least;
        }
    }

    private void Swap(int a, int b)
    {
        (_items[a], _items[b]) = (_items[b], _items[a]);
        index(_items[a]) = a;
        index(_items[b]) = b;
    }
}
