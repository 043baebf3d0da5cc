namespace EdgeAI.Scheduling;

/// <summary>Items of one order key that wait for the one ahead of them, first in first out.</summary>
internal sealed class OrderChain
{
    private WorkItem? _first;
    private WorkItem? _last;

    public int Count { get; private set; }

    public void Add(WorkItem item)
    {
        Count++;
        item.Older = _last;
        if (_last is null) _first = item;
        else _last.Younger = item;
        _last = item;
    }

    public WorkItem? TakeFirst()
    {
        var first = _first;
        if (first is not null) Remove(first);
        return first;
    }

    public void Remove(WorkItem item)
    {
        Count--;
        if (item.Older is null) _first = item.Younger;
        else item.Older.Younger = item.Younger;
        if (item.Younger is null) _last = item.Older;
        else item.Younger.Older = item.Older;
        item.Older = item.Younger = null;
    }
}
