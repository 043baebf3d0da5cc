namespace EdgeAI.Cli.Bench;

/// <summary>When queries arrive in the server scenario: a Poisson process, as in MLPerf Inference's load generator. Pure: the same arguments give the same times.</summary>
internal static class ArrivalSchedule
{
    /// <summary>Draws the arrivals of a time. Gaps are exponential, so that arrivals cluster as those of many independent users do.</summary>
    /// <param name="rate">Queries per second, more than zero.</param>
    /// <param name="duration">No query arrives later.</param>
    /// <param name="seed">Selects the schedule; <see cref="Random"/> keeps the sequence of a seed over versions of .NET.</param>
    /// <returns>Times since the start, ascending; none where the first gap is longer than the duration.</returns>
    public static TimeSpan[] Draw(double rate, TimeSpan duration, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rate);
        var random = new Random(seed);
        var arrivals = new List<TimeSpan>();

        // NextDouble is never 1, so that the logarithm is finite.
        for (var at = Gap(random, rate); at < duration.TotalSeconds; at += Gap(random, rate)) arrivals.Add(TimeSpan.FromSeconds(at));
        return [.. arrivals];
    }

    private static double Gap(Random random, double rate) => -Math.Log(1 - random.NextDouble()) / rate;
}
