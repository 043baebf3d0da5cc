namespace EdgeAI.Scheduling;

/// <summary>The items that a lane runs together. Belongs to its lane and is used again and again.</summary>
internal sealed class Batch
{
    private readonly List<WorkItem> _items = [];
    private RoutingOption[] _considered = [];
    private int _consideredCount;

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

    /// <summary>The devices among which it was routed; empty where there was no choice.</summary>
    public ReadOnlySpan<RoutingOption> Considered => _considered.AsSpan(0, _consideredCount);

    public void Consider(ReadOnlySpan<RoutingOption> options)
    {
        if (_considered.Length < options.Length) _considered = new RoutingOption[options.Length];
        options.CopyTo(_considered);
        _consideredCount = options.Length;
    }

    public void Add(WorkItem item)
    {
        _items.Add(item);
        Rows += item.Rows;
    }

    public void Clear()
    {
        _items.Clear();
        Rows = 0;
        _consideredCount = 0;
    }
}
