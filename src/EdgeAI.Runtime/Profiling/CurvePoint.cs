namespace EdgeAI.Profiling;

/// <summary>How long a batch of <paramref name="Rows"/> rows takes, in ticks of 100 ns.</summary>
/// <param name="Rows">The batch size, 1 or more.</param>
/// <param name="MedianTicks">The median duration, above 0.</param>
/// <param name="P95Ticks">The 95th percentile of the durations, at least the median.</param>
/// <param name="Samples">How many runs it rests on.</param>
internal readonly record struct CurvePoint(int Rows, double MedianTicks, double P95Ticks, int Samples);
