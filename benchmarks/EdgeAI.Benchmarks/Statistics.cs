namespace EdgeAI.Benchmarks;

/// <summary>Order statistics, in one place so that every figure means the same.</summary>
internal static class Statistics
{
    /// <summary>The middle value, or the mean of the two in the middle; not a number for none.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        if (sorted.Length == 0) return double.NaN;
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The median of one figure over rounds.</summary>
    public static double Median<T>(IEnumerable<T> rounds, Func<T, double> figure) => Median(rounds.Select(figure));

    /// <summary>The median over rounds of the ratio of one figure; rounds in which it means nothing are left out.</summary>
    public static double MedianRatio<T>(IEnumerable<T> ours, IEnumerable<T> theirs, Func<T, double> figure) =>
        Median(ours.Zip(theirs, (a, b) => figure(a) / figure(b)).Where(double.IsFinite));

    /// <summary>The smallest value that so many percent do not exceed (nearest rank); not a number for none.</summary>
    /// <param name="values">In any order; sorted in place.</param>
    /// <param name="percent">More than 0, up to 100.</param>
    public static double Percentile(List<double> values, double percent)
    {
        if (values.Count == 0) return double.NaN;
        values.Sort();
        return values[Math.Clamp((int)Math.Ceiling(values.Count * percent / 100) - 1, 0, values.Count - 1)];
    }
}
