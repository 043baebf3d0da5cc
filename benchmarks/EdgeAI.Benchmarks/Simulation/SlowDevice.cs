using EdgeAI.Benchmarks.Serving;
using EdgeAI.Testing;

namespace EdgeAI.Benchmarks.Simulation;

/// <summary>The faster of two devices takes three times as long for a while: how many batches it still gets, and when it is used again.</summary>
internal static class SlowDevice
{
    private const int SlowFrom = 10;
    private const int SlowTo = 20;
    private const int End = 40;
    private const int SlicesPerSecond = 10;

    public static void Check(Claims claims)
    {
        foreach (var load in new[] { 50, 150, 300 }) Check(load, claims);
    }

    private static void Check(double perSecond, Claims claims)
    {
        var options = new SimulationOptions { Duration = TimeSpan.FromSeconds(End), Slice = TimeSpan.FromSeconds(1.0 / SlicesPerSecond) };
        options.Plans.Add(new() { DeviceId = "a", Latency = LatencyCurve.Linear(Milliseconds(1.9), Milliseconds(0.1)), Jitter = 0.05, Slowdowns = { (TimeSpan.FromSeconds(SlowFrom), 3), (TimeSpan.FromSeconds(SlowTo), 1) } });
        options.Plans.Add(new() { DeviceId = "b", Latency = LatencyCurve.Linear(Milliseconds(2.85), Milliseconds(0.15)), Jitter = 0.05 });
        options.Traffic.Add(SimulatedTraffic.Poisson(perSecond));
        var result = SchedulingSimulation.Run(options);
        var (a, b) = (result.Plans[0].RunsBySlice, result.Plans[1].RunsBySlice);

        // Its traffic is gone when its share is below a tenth for a second; what it runs in that second counts too.
        var lost = FirstSecond(a, b, SlowFrom, share => share < 0.1);
        var batches = lost is { } at ? a.Skip(SlowFrom * SlicesPerSecond).Take(at + SlicesPerSecond - (SlowFrom * SlicesPerSecond)).Sum() : long.MaxValue;
        var before = Share(a, b, (SlowFrom - 5) * SlicesPerSecond, SlowFrom * SlicesPerSecond);
        var back = FirstSecond(a, b, SlowTo, share => share > 0.8 * before);
        var subject = "3x slower";
        claims.Add(subject, $"batches until its traffic is gone, {perSecond}/s", "<= 20", lost is null ? "never" : $"{batches}", batches <= 20);
        claims.Add(subject, $"traffic is back after recovery, {perSecond}/s", "before the end", back is { } slice ? $"after {((double)slice / SlicesPerSecond) - SlowTo:F1} s" : "never", back is not null);
    }

    /// <summary>The first slice from a time on that begins a second in which the share of the first device is as wanted.</summary>
    private static int? FirstSecond(IReadOnlyList<long> a, IReadOnlyList<long> b, int from, Func<double, bool> isWanted)
    {
        for (var slice = from * SlicesPerSecond; slice + SlicesPerSecond <= Math.Min(a.Count, b.Count); slice++)
        {
            if (isWanted(Share(a, b, slice, slice + SlicesPerSecond))) return slice;
        }

        return null;
    }

    private static double Share(IReadOnlyList<long> a, IReadOnlyList<long> b, int from, int to)
    {
        var first = a.Skip(from).Take(to - from).Sum();
        return first / (double)Math.Max(1, first + b.Skip(from).Take(to - from).Sum());
    }

    private static TimeSpan Milliseconds(double value) => TimeSpan.FromMilliseconds(value);
}
