namespace EdgeAI.Cli.Bench;

/// <summary>Order statistics. Pure.</summary>
internal static class Percentiles
{
    /// <summary>The smallest value that at least <paramref name="percent"/> percent of all do not exceed (nearest rank): always one that was measured.</summary>
    /// <param name="sorted">At least one value, ascending.</param>
    /// <param name="percent">More than 0, up to 100.</param>
    public static T NearestRank<T>(ReadOnlySpan<T> sorted, int percent)
    {
        ArgumentOutOfRangeException.ThrowIfZero(sorted.Length, nameof(sorted));
        var rank = (((long)sorted.Length * percent) + 99) / 100;
        return sorted[(int)rank - 1];
    }

    /// <summary>The middle value, or the mean of the two in the middle; <see langword="null"/> for none.</summary>
    public static double? Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        if (sorted.Length == 0) return null;
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
