namespace EdgeAI.Testing;

/// <summary>Events by time; those of the same time in the order in which they were added. A binary heap that allocates only to grow.</summary>
internal sealed class EventQueue
{
    private (SimulationEvent Event, long Order)[] _heap = new (SimulationEvent, long)[256];
    private long _added;

    public int Count { get; private set; }

    public void Add(in SimulationEvent added)
    {
        if (Count == _heap.Length) Array.Resize(ref _heap, 2 * Count);
        var entry = (added, _added++);
        var at = Count++;
        while (at > 0)
        {
            var parent = (at - 1) / 2;
            if (!Precedes(entry, _heap[parent])) break;
            _heap[at] = _heap[parent];
            at = parent;
        }

        _heap[at] = entry;
    }

    public bool TryTake(out SimulationEvent taken)
    {
        taken = default;
        if (Count == 0) return false;
        taken = _heap[0].Event;
        var last = _heap[--Count];
        _heap[Count] = default;
        if (Count > 0) Sink(last);
        return true;
    }

    private void Sink((SimulationEvent Event, long Order) entry)
    {
        var at = 0;
        while (true)
        {
            var child = (2 * at) + 1;
            if (child >= Count) break;
            if (child + 1 < Count && Precedes(_heap[child + 1], _heap[child])) child++;
            if (!Precedes(_heap[child], entry)) break;
            _heap[at] = _heap[child];
            at = child;
        }

        _heap[at] = entry;
    }

    private static bool Precedes(in (SimulationEvent Event, long Order) a, in (SimulationEvent Event, long Order) b) =>
        a.Event.Time != b.Event.Time ? a.Event.Time < b.Event.Time : a.Order < b.Order;
}
