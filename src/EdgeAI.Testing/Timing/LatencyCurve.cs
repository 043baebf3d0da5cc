namespace EdgeAI.Testing;

/// <summary>How long a simulated run takes, by batch size. Immutable and thread-safe.</summary>
public sealed class LatencyCurve
{
    private readonly int[] _batchSizes;
    private readonly double[] _ticks;

    private LatencyCurve(int[] batchSizes, double[] ticks)
    {
        _batchSizes = batchSizes;
        _ticks = ticks;
    }

    /// <summary>Every run completes at once, on the caller's thread.</summary>
    public static LatencyCurve Zero { get; } = Constant(TimeSpan.Zero);

    /// <summary>Every run takes the same time.</summary>
    /// <param name="latency">Zero or more.</param>
    public static LatencyCurve Constant(TimeSpan latency) => FromPoints((1, latency));

    /// <summary>A batch of b takes <paramref name="overhead"/> + b * <paramref name="perItem"/>.</summary>
    /// <param name="overhead">Zero or more.</param>
    /// <param name="perItem">Zero or more.</param>
    public static LatencyCurve Linear(TimeSpan overhead, TimeSpan perItem) =>
        FromPoints((0, overhead), (1, overhead + perItem));

    /// <summary>
    /// Straight lines between measured points. Below the first point its latency holds; past the last point the last line goes on,
    /// though never below zero.
    /// </summary>
    /// <param name="points">One at least; batch sizes 0 or more and strictly increasing, latencies zero or more.</param>
    /// <exception cref="ArgumentException">There is no point, or a point breaks these rules.</exception>
    public static LatencyCurve FromPoints(params ReadOnlySpan<(int BatchSize, TimeSpan Latency)> points)
    {
        if (points.IsEmpty) throw new ArgumentException("A latency curve needs at least one point.", nameof(points));
        var batchSizes = new int[points.Length];
        var ticks = new double[points.Length];
        for (var i = 0; i < points.Length; i++)
        {
            var (batchSize, latency) = points[i];
            if (batchSize < 0 || (i > 0 && batchSize <= batchSizes[i - 1]))
            {
                throw new ArgumentException($"Point {i} has batch size {batchSize}; batch sizes must be 0 or more and strictly increasing.", nameof(points));
            }

            if (latency < TimeSpan.Zero) throw new ArgumentException($"Point {i} has a latency of {latency}; latencies must be zero or more.", nameof(points));
            batchSizes[i] = batchSize;
            ticks[i] = latency.Ticks;
        }

        return new LatencyCurve(batchSizes, ticks);
    }

    /// <summary>The latency of a batch.</summary>
    /// <param name="batchSize">Items in the batch, 0 or more.</param>
    public TimeSpan At(int batchSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(batchSize);
        if (_batchSizes.Length == 1 || batchSize <= _batchSizes[0]) return TimeSpan.FromTicks((long)_ticks[0]);
        var right = 1;
        while (right < _batchSizes.Length - 1 && _batchSizes[right] < batchSize) right++;
        var left = right - 1;
        var share = (batchSize - _batchSizes[left]) / (double)(_batchSizes[right] - _batchSizes[left]);
        var ticks = _ticks[left] + (share * (_ticks[right] - _ticks[left]));
        return TimeSpan.FromTicks(Math.Max(0, (long)Math.Round(ticks)));
    }
}
