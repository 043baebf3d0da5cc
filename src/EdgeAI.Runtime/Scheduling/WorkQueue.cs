namespace EdgeAI.Scheduling;

/// <summary>
/// Items that may run now. The more urgent level goes first, within a level the earliest deadline, then arrival.
/// A level gains one step for each <c>agingPeriod</c> that its oldest item has waited, so nothing starves.
/// </summary>
internal sealed class WorkQueue(long agingPeriod)
{
    private readonly Level[] _levels = [new(), new(), new()];

    public int Count { get; private set; }

    public void Add(WorkItem item)
    {
        _levels[item.Level].Add(item);
        Count++;
    }

    public bool Remove(WorkItem item)
    {
        if (!_levels[item.Level].Remove(item)) return false;
        Count--;
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

    private sealed class Level
    {
        private readonly DeadlineHeap _byDeadline = new(item => ref item.ReadyIndex);
        private WorkItem? _youngest;

        public WorkItem? Oldest { get; private set; }

        public WorkItem EarliestDeadline => _byDeadline.First;

        public void Add(WorkItem item)
        {
            _byDeadline.Add(item);

            // An item released late by its order key may be older than the ones already here.
            var younger = (WorkItem?)null;
            var older = _youngest;
            while (older is not null && older.Sequence > item.Sequence)
            {
                younger = older;
                older = older.Older;
            }

            item.Older = older;
            item.Younger = younger;
            if (older is null) Oldest = item;
            else older.Younger = item;
            if (younger is null) _youngest = item;
            else younger.Older = item;
        }

        public bool Remove(WorkItem item)
        {
            if (!_byDeadline.Remove(item)) return false;
            if (item.Older is null) Oldest = item.Younger;
            else item.Older.Younger = item.Younger;
            if (item.Younger is null) _youngest = item.Older;
            else item.Younger.Older = item.Older;
            item.Older = item.Younger = null;
            return true;
        }
    }
}
