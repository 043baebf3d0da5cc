namespace EdgeAI.Profiling;

/// <summary>How long batches of a model take on a device, by batch size. Immutable.</summary>
internal sealed class LatencyCurve
{
    private readonly CurvePoint[] _points;
    private readonly int[] _rows;
    private readonly double[] _ticks;

    private LatencyCurve(CurvePoint[] points)
    {
        _points = points;
        _rows = [.. points.Select(point => point.Rows)];
        _ticks = [.. points.Select(point => point.MedianTicks)];
    }

    /// <summary>The measured points by ascending batch size, at least one.</summary>
    public IReadOnlyList<CurvePoint> Points => _points;

    /// <summary>The largest batch that was measured.</summary>
    public int LargestRows => _rows[^1];

    /// <summary>A curve through <paramref name="points"/> in any order.</summary>
    /// <exception cref="ArgumentException">There is no point, a batch size repeats or is below 1, or a duration is not a positive number.</exception>
    public static LatencyCurve Create(IEnumerable<CurvePoint> points)
    {
        var sorted = points.OrderBy(point => point.Rows).ToArray();
        if (sorted.Length == 0) throw new ArgumentException("A curve needs at least one point.", nameof(points));
        for (var i = 0; i < sorted.Length; i++)
        {
            if (sorted[i].Rows < 1) throw new ArgumentException($"A batch of {sorted[i].Rows} rows cannot be measured.", nameof(points));
            if (i > 0 && sorted[i].Rows == sorted[i - 1].Rows) throw new ArgumentException($"There are two points for {sorted[i].Rows} rows.", nameof(points));
            if (!IsDuration(sorted[i].MedianTicks) || !IsDuration(sorted[i].P95Ticks)) throw new ArgumentException($"The duration of {sorted[i].Rows} rows is not a positive number.", nameof(points));
        }

        return new LatencyCurve(sorted);
    }

    /// <summary>The median duration of a batch in ticks; interpolated between points and extrapolated beyond them (<see cref="PiecewiseLinear"/>).</summary>
    public double Predict(int rows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        return PiecewiseLinear.Evaluate(_rows, _ticks, rows);
    }

    private static bool IsDuration(double ticks) => double.IsFinite(ticks) && ticks > 0;
}
