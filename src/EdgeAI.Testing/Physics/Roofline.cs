namespace EdgeAI.Testing;

/// <summary>
/// How long a run takes by the roofline model (S. Williams, A. Waterman, D. Patterson, "Roofline: an insightful visual performance model for multicore architectures",
/// CACM 52(4), 2009): the longer of computing and of moving data, plus what each run and each node cost. Immutable and thread-safe.
/// </summary>
internal sealed class Roofline(IReadOnlyList<GemmRate> rates, double? memoryBandwidth, TimeSpan runOverhead, TimeSpan nodeOverhead)
{
    private readonly Dictionary<TensorElementType, GemmRate[]> _rates =
        rates.GroupBy(rate => rate.ElementType).ToDictionary(group => group.Key, group => group.OrderBy(rate => rate.Rows).ToArray());

    /// <summary>Whether it makes any run take time.</summary>
    public bool IsFree => _rates.Count == 0 && memoryBandwidth is null && runOverhead == TimeSpan.Zero && nodeOverhead == TimeSpan.Zero;

    /// <summary>The duration of a run at full speed.</summary>
    public TimeSpan DurationOf(SimulatedCost cost, int rows)
    {
        var compute = _rates.Count == 0 ? 0 : cost.FlopsPerRow * rows / RateAt(cost.ElementType, rows);
        var memory = memoryBandwidth is { } bandwidth ? (cost.WeightBytes + (cost.ActivationBytesPerRow * rows)) / bandwidth : 0;
        return runOverhead + (cost.Nodes * nodeOverhead) + TimeSpan.FromSeconds(Math.Max(compute, memory));
    }

    /// <summary>Straight lines between the rates given for a type; a type without any runs at the rate of float32, or of the first.</summary>
    private double RateAt(TensorElementType type, int rows)
    {
        var points = _rates.GetValueOrDefault(type) ?? _rates.GetValueOrDefault(TensorElementType.Float32) ?? _rates.Values.First();
        if (rows <= points[0].Rows) return points[0].FlopsPerSecond;
        for (var i = 1; i < points.Length; i++)
        {
            if (rows > points[i].Rows) continue;
            var share = (rows - points[i - 1].Rows) / (double)(points[i].Rows - points[i - 1].Rows);
            return double.Lerp(points[i - 1].FlopsPerSecond, points[i].FlopsPerSecond, share);
        }

        return points[^1].FlopsPerSecond;
    }
}
