namespace EdgeAI.Scheduling;

/// <summary>Waiting items that may share a run, the most urgent first.</summary>
internal sealed class ShapeQueue
{
    private readonly WorkHeap _items = new(item => ref item.MateIndex, WorkHeap.ByUrgency);

    public int Count => _items.Count;

    /// <summary>Rows of all of them.</summary>
    public int Rows { get; private set; }

    public WorkItem First => _items.First;

    public void Add(WorkItem item)
    {
        _items.Add(item);
        Rows += item.Rows;
    }

    public void Remove(WorkItem item)
    {
        if (_items.Remove(item)) Rows -= item.Rows;
    }
}
