namespace EdgeAI.Generation;

/// <summary>
/// Decides which slot a sequence gets and which rows it starts with. Sequences in progress are neighbours, so that one step decodes a row of slots without gaps; slots that
/// nobody uses keep what they hold, for prompts that begin alike. Pure functions of the slots.
/// </summary>
internal static class SlotPlanner
{
    /// <summary>The slot and the rows of a new sequence; <see langword="null"/> where no slot is free.</summary>
    /// <param name="slots">All slots.</param>
    /// <param name="prompt">The prompt; its last token is always computed.</param>
    /// <param name="reuse">Whether rows of others may be used.</param>
    public static SlotPlacement? Place(ReadOnlySpan<CacheSlot> slots, ReadOnlySpan<int> prompt, bool reuse)
    {
        var (source, rows) = reuse ? FindSource(slots, prompt) : (-1, 0);
        var (first, last) = Occupied(slots);
        var chosen = Choose(slots, first, last, source, rows);
        if (chosen < 0) return null;
        var kept = slots[chosen].IsShareable ? slots[chosen].Count : 0;
        return new SlotPlacement(chosen, source, rows, chosen == source ? kept - rows : kept);
    }

    /// <summary>The slot that holds most of a prompt's beginning, and how much that is; -1 where none does. The prompt's last token is always computed.</summary>
    public static (int Slot, int Rows) FindSource(ReadOnlySpan<CacheSlot> slots, ReadOnlySpan<int> prompt)
    {
        var (source, rows) = (-1, 0);
        for (var i = 0; i < slots.Length; i++)
        {
            if (!slots[i].IsShareable) continue;
            var common = Math.Min(slots[i].Tokens.CommonPrefixLength(prompt), prompt.Length - 1);

            // Of equals, one that nobody uses needs no copy.
            if (common > rows || (common == rows && common > 0 && slots[source].Owner is not null && slots[i].Owner is null)) (source, rows) = (i, common);
        }

        return (source, rows);
    }

    /// <summary>A move that closes a gap among the sequences in progress; <see langword="null"/> where there is none.</summary>
    public static SlotMove? FindMove(ReadOnlySpan<CacheSlot> slots)
    {
        var (first, last) = Occupied(slots);
        for (var gap = first + 1; gap < last; gap++)
        {
            if (slots[gap].Owner is not null) continue;

            // From whichever end has less to copy.
            return slots[first].Count < slots[last].Count ? new SlotMove(first, gap) : new SlotMove(last, gap);
        }

        return null;
    }

    /// <summary>The first and the last slot in use; -1 and -1 where none is.</summary>
    public static (int First, int Last) Occupied(ReadOnlySpan<CacheSlot> slots)
    {
        int first = -1, last = -1;
        for (var i = 0; i < slots.Length; i++)
        {
            if (slots[i].Owner is null) continue;
            if (first < 0) first = i;
            last = i;
        }

        return (first, last);
    }

    private static int Choose(ReadOnlySpan<CacheSlot> slots, int first, int last, int source, int rows)
    {
        var hasGap = false;
        for (var i = first + 1; i < last; i++) hasGap |= slots[i].Owner is null;
        var best = -1;
        for (var i = 0; i < slots.Length; i++)
        {
            var isCandidate = slots[i].Owner is null && (first < 0 || (hasGap ? i > first && i < last : i == first - 1 || i == last + 1));
            if (isCandidate && (best < 0 || Grade(slots[i], source, rows).CompareTo(Grade(slots[best], source, rows)) < 0)) best = i;
        }

        return best;
    }

    /// <summary>Lower is better: first the slot whose rows are used, where little of it is lost; then empty ones; then the one that was used the longest ago.</summary>
    private static (int Class, long Age) Grade(CacheSlot slot, int source, int rows)
    {
        if (slot.Index == source && slot.Count - rows <= Math.Max(16, rows / 4)) return (0, 0);
        return slot.Count == 0 || !slot.IsShareable ? (1, slot.Index) : (2, slot.LastUsed);
    }
}
