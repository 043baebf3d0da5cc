namespace EdgeAI.Samples.Quickstart;

/// <summary>What a load test measured.</summary>
/// <param name="PerSecond">Answers per second.</param>
/// <param name="Median">Half of the answers came sooner.</param>
/// <param name="Percentile95">Of twenty answers, nineteen came sooner.</param>
internal sealed record LoadMeasurement(double PerSecond, TimeSpan Median, TimeSpan Percentile95)
{
    public static LoadMeasurement From(IEnumerable<TimeSpan> latencies, TimeSpan elapsed)
    {
        var sorted = latencies.Order().ToArray();
        return new LoadMeasurement(sorted.Length / elapsed.TotalSeconds, AtRank(0.50), AtRank(0.95));

        TimeSpan AtRank(double share) => sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Length) - 1)];
    }
}
