namespace EdgeAI.Scheduling;

/// <summary>The items that a lane runs together. Belongs to its lane and is used again and again.</summary>
internal sealed class Batch
{
    private readonly List<WorkItem> _items = [];

    public IReadOnlyList<WorkItem> Items => _items;

    public int Count => _items.Count;

    public WorkItem this[int index] => _items[index];

    /// <summary>Rows of all items.</summary>
    public int Rows { get; private set; }

    /// <summary>The expected duration of the run in ticks; 0 where nothing is known.</summary>
    public long Predicted { get; set; }

    /// <summary>Whether other lanes were working when it started.</summary>
    public bool IsCrowded { get; set; }

    public long StartedAt { get; set; }

    public void Add(WorkItem item)
    {
        _items.Add(item);
        Rows += item.Rows;
    }

    public void Clear()
    {
        _items.Clear();
        Rows = 0;
    }
}
