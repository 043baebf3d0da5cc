using EdgeAI.Batching;

namespace EdgeAI.Scheduling;

/// <summary>
/// Items that may run now. The more urgent level goes first, within a level the earliest deadline, then arrival.
/// A level gains one step for each <c>agingPeriod</c> that its oldest item has waited, so nothing starves.
/// Beside that order, items that may share a run are kept together.
/// </summary>
internal sealed class WorkQueue(long agingPeriod)
{
    private readonly Level[] _levels = [new(), new(), new()];
    private readonly Dictionary<ShapeGroup, ShapeQueue> _shapes = [];
    private readonly Stack<ShapeQueue> _spare = [];

    public int Count { get; private set; }

    public void Add(WorkItem item)
    {
        _levels[item.Level].Add(item);
        Count++;
        if (!item.IsStackable) return;
        if (!_shapes.TryGetValue(item.Shape, out var shape)) _shapes[item.Shape] = shape = _spare.TryPop(out var spare) ? spare : new ShapeQueue();
        shape.Add(item);
    }

    public bool Remove(WorkItem item)
    {
        if (!_levels[item.Level].Remove(item)) return false;
        Count--;
        if (!item.IsStackable) return true;
        var shape = _shapes[item.Shape];
        shape.Remove(item);
        if (shape.Count > 0) return true;

        // Shapes come and go: an empty one must not be kept alive by the queue.
        _shapes.Remove(item.Shape);
        _spare.Push(shape);
        return true;
    }

    /// <summary>The item to run next and its rank, lower first; <see langword="null"/> when empty.</summary>
    public WorkItem? Peek(out long rank)
    {
        rank = long.MaxValue;
        Level? chosen = null;
        var overtakes = false;
        for (var level = 0; level < _levels.Length; level++)
        {
            if (_levels[level].Oldest is not { } oldest) continue;

            // level - age/agingPeriod, less "now", which is the same for all.
            var levelRank = oldest.EnqueuedAt + (level * agingPeriod);
            if (levelRank >= rank) continue;
            overtakes = chosen is not null;
            rank = levelRank;
            chosen = _levels[level];
        }

        // A level that overtakes does so for its oldest item, not for its most urgent one.
        return chosen is null ? null : overtakes ? chosen.Oldest : chosen.EarliestDeadline;
    }

    /// <summary>The item of a level that came last; <see cref="WorkItem.Older"/> leads on from there. <see langword="null"/> where there is none.</summary>
    public WorkItem? YoungestOf(int level) => _levels[level].Youngest;

    /// <summary>The items that may share a run with this one, itself included; <see langword="null"/> where it runs by itself.</summary>
    public ShapeQueue? MatesOf(WorkItem item) => item.IsStackable ? _shapes[item.Shape] : null;

    /// <summary>Rows that wait in items of this shape that may share a run.</summary>
    public int StackableRows(ShapeGroup shape) => _shapes.TryGetValue(shape, out var queue) ? queue.Rows : 0;

    /// <summary>Predicted work of the items that go before a new one.</summary>
    /// <param name="item">The new one.</param>
    /// <param name="isExact">Whether to look at each item's deadline; otherwise all that have one count as earlier, which is so where deadlines are equally long.</param>
    public long WorkBefore(WorkItem item, bool isExact)
    {
        var level = item.Level;
        var work = isExact && item.HasDeadline ? _levels[level].WorkDueBy(item.Deadline) : _levels[level].Urgent + (item.HasDeadline ? 0 : _levels[level].Patient);
        for (var higher = 0; higher < level; higher++) work += _levels[higher].Urgent + _levels[higher].Patient;
        return work;
    }

    private sealed class Level
    {
        private readonly WorkHeap _byDeadline = new(item => ref item.ReadyIndex, WorkHeap.ByDeadline);
        public WorkItem? Oldest { get; private set; }

        public WorkItem? Youngest { get; private set; }

        public WorkItem EarliestDeadline => _byDeadline.First;

        /// <summary>Predicted work of items with a deadline, in ticks.</summary>
        public long Urgent { get; private set; }

        /// <summary>Predicted work of items without.</summary>
        public long Patient { get; private set; }

        public long WorkDueBy(long deadline) => _byDeadline.WorkDueBy(deadline);

        public void Add(WorkItem item)
        {
            _byDeadline.Add(item);
            if (item.HasDeadline) Urgent += item.Share;
            else Patient += item.Share;

            // An item released late by its order key may be older than the ones already here.
            var younger = (WorkItem?)null;
            var older = Youngest;
            while (older is not null && older.Sequence > item.Sequence)
            {
                younger = older;
                older = older.Older;
            }

            item.Older = older;
            item.Younger = younger;
            if (older is null) Oldest = item;
            else older.Younger = item;
            if (younger is null) Youngest = item;
            else younger.Older = item;
        }

        public bool Remove(WorkItem item)
        {
            if (!_byDeadline.Remove(item)) return false;
            if (item.HasDeadline) Urgent -= item.Share;
            else Patient -= item.Share;
            if (item.Older is null) Oldest = item.Younger;
            else item.Older.Younger = item.Younger;
            if (item.Younger is null) Youngest = item.Older;
            else item.Younger.Older = item.Older;
            item.Older = item.Younger = null;
            return true;
        }
    }
}
