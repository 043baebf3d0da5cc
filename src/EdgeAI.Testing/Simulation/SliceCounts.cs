namespace EdgeAI.Testing;

/// <summary>Counts by slices of time of the same length; with length 0 it counts nothing.</summary>
internal sealed class SliceCounts(long ticks)
{
    private long[] _counts = [];

    public void Add(long now)
    {
        if (ticks == 0) return;
        var slice = (int)(now / ticks);
        if (slice >= _counts.Length) Array.Resize(ref _counts, Math.Max(slice + 1, Math.Max(64, 2 * _counts.Length)));
        _counts[slice]++;
    }

    /// <summary>One count for each slice that began before the end.</summary>
    public IReadOnlyList<long> ToList(long end)
    {
        if (ticks == 0) return [];
        var counts = new long[(end / ticks) + 1];
        _counts.AsSpan(0, Math.Min(_counts.Length, counts.Length)).CopyTo(counts);
        return counts;
    }
}
