namespace EdgeAI.Profiling;

/// <summary>
/// Durations between and beyond the measured batch sizes. Piecewise linear between points, because kernels step; outside them along the line of
/// the nearest points that are a factor of two apart, because the noise of two close sizes would be multiplied by the distance.
/// A single point says nothing of the fixed cost: fewer rows are taken to last as long, more rows to last proportionally longer.
/// Both err on the slow side, so no deadline is promised on a guess.
/// </summary>
internal static class PiecewiseLinear
{
    /// <summary>The duration of <paramref name="at"/> rows. Rows ascend without repeats; there is at least one point; all durations are positive.</summary>
    public static double Evaluate(ReadOnlySpan<int> rows, ReadOnlySpan<double> ticks, int at)
    {
        var index = rows.BinarySearch(at);
        if (index >= 0) return ticks[index];
        index = ~index;
        if (index == 0) return Before(rows, ticks, at);
        if (index == rows.Length) return Beyond(rows, ticks, at);
        var fraction = (double)(at - rows[index - 1]) / (rows[index] - rows[index - 1]);
        return ticks[index - 1] + (fraction * (ticks[index] - ticks[index - 1]));
    }

    private static double Before(ReadOnlySpan<int> rows, ReadOnlySpan<double> ticks, int at)
    {
        if (rows.Length == 1) return ticks[0];
        var far = 1;
        while (far < rows.Length - 1 && rows[far] < 2L * rows[0]) far++;
        // A slope between level and proportional puts the intercept between the first duration and zero.
        var slope = Math.Clamp((ticks[far] - ticks[0]) / (rows[far] - rows[0]), 0, ticks[0] / rows[0]);
        return ticks[0] - (slope * (rows[0] - at));
    }

    private static double Beyond(ReadOnlySpan<int> rows, ReadOnlySpan<double> ticks, int at)
    {
        var last = rows.Length - 1;
        if (last == 0) return ticks[0] / rows[0] * at;
        var near = last - 1;
        while (near > 0 && 2L * rows[near] > rows[last]) near--;
        var slope = Math.Max(0, (ticks[last] - ticks[near]) / (rows[last] - rows[near]));
        return ticks[last] + (slope * ((double)at - rows[last]));
    }
}
