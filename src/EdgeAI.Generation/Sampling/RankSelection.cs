namespace EdgeAI.Generation;

/// <summary>Finds where a ranking is to be cut, in expected linear time and without sorting (quickselect, Hoare 1961). Reorders what it is given.</summary>
internal static class RankSelection
{
    /// <summary>The rank of the last of the so many best.</summary>
    /// <param name="ranks">All different; at least <paramref name="count"/>.</param>
    /// <param name="count">1 or more.</param>
    public static ulong LastOf(Span<ulong> ranks, int count)
    {
        var (from, to) = (0, ranks.Length);
        while (to - from > 1)
        {
            var pivot = from + Partition(ranks[from..to], []);
            if (pivot == count - 1) return ranks[pivot];
            if (pivot >= count) to = pivot;
            else from = pivot + 1;
        }

        return ranks[from];
    }

    /// <summary>The rank of the last of the fewest best whose weights reach a sum; of the last at all where they do not.</summary>
    /// <param name="ranks">All different; one or more.</param>
    /// <param name="weights">One for each rank.</param>
    /// <param name="sum">Over 0.</param>
    public static ulong LastReaching(Span<ulong> ranks, Span<float> weights, double sum)
    {
        var (from, to) = (0, ranks.Length);
        while (from < to)
        {
            var pivot = from + Partition(ranks[from..to], weights[from..to]);
            var better = 0.0;
            foreach (var weight in weights[from..pivot]) better += weight;
            if (better >= sum)
            {
                to = pivot;
                continue;
            }

            sum -= better + weights[pivot];
            if (sum <= 0) return ranks[pivot];
            from = pivot + 1;
        }

        return ranks[to - 1];
    }

    /// <summary>Puts what ranks higher than some element before it.</summary>
    /// <returns>Where that element is now.</returns>
    private static int Partition(Span<ulong> ranks, Span<float> weights)
    {
        var last = ranks.Length - 1;

        // Any fixed choice has inputs that make it slow; this one at least not sorted, reversed or periodic ones.
        Swap(ranks, weights, (int)(0x9E3779B97F4A7C15UL * (uint)ranks.Length >> 33) % ranks.Length, last);
        var pivot = ranks[last];
        var better = 0;
        for (var i = 0; i < last; i++)
        {
            if (ranks[i] > pivot) Swap(ranks, weights, i, better++);
        }

        Swap(ranks, weights, better, last);
        return better;
    }

    private static void Swap(Span<ulong> ranks, Span<float> weights, int a, int b)
    {
        (ranks[a], ranks[b]) = (ranks[b], ranks[a]);
        if (!weights.IsEmpty) (weights[a], weights[b]) = (weights[b], weights[a]);
    }
}
