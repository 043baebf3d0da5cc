using EdgeAI.Testing;

namespace EdgeAI.Benchmarks.Simulation;

/// <summary>Eight devices of which the fastest is 50 times as fast as the slowest; two throttle for some time and one fails every run for some time.</summary>
internal static class MixedDevices
{
    public const int MaxBatch = 32;
    private const double Jitter = 0.05;

    // How many times as long as on the first one a run takes.
    private static readonly double[] _factors = [1, 1.5, 2, 4, 8, 15, 25, 50];

    // From, to, and how many times as long; 0 where every run fails.
    private static readonly (int Device, double From, double To, double Factor)[] _script = [(1, 5, 10, 3), (3, 3, 12, 2), (2, 6, 9, 0)];

    /// <summary>Rows a second of all devices while nothing is wrong.</summary>
    public static double Pace => _factors.Sum(factor => MaxBatch / Latency(factor).At(MaxBatch).TotalSeconds);

    /// <summary>Answers a second, from the start until a time, if every device always ran full batches one after the other at the pace that it has at each time.</summary>
    public static double OraclePace(double seconds)
    {
        var rows = Pace * seconds;
        foreach (var (device, from, to, factor) in _script)
        {
            var pace = MaxBatch / Latency(_factors[device]).At(MaxBatch).TotalSeconds;
            rows -= pace * Math.Max(0, Math.Min(to, seconds) - from) * (factor == 0 ? 1 : 1 - (1 / factor));
        }

        return rows / seconds;
    }

    /// <summary>The devices with their script.</summary>
    public static SimulationOptions WithTrouble(SimulatedTraffic traffic, TimeSpan duration)
    {
        var options = new SimulationOptions { Duration = duration };
        Add(options, failureRate: 0);
        foreach (var (device, from, to, factor) in _script)
        {
            var plan = options.Plans[device];
            if (factor > 0)
            {
                plan.Slowdowns.Add((TimeSpan.FromSeconds(from), factor));
                plan.Slowdowns.Add((TimeSpan.FromSeconds(to), 1));
            }
            else
            {
                plan.FailureRates.Add((TimeSpan.FromSeconds(from), 1));
                plan.FailureRates.Add((TimeSpan.FromSeconds(to), 0));
            }
        }

        options.Traffic.Add(traffic);
        return options;
    }

    /// <summary>The devices without a script, each of whose runs fail with a probability.</summary>
    public static SimulationOptions WithFaults(SimulatedTraffic traffic, long requests, double failureRate)
    {
        var options = new SimulationOptions { Requests = requests };
        Add(options, failureRate);
        options.Traffic.Add(traffic);
        return options;
    }

    private static void Add(SimulationOptions options, double failureRate)
    {
        options.Model.MaxBatch = MaxBatch;

        // Only a deadline refuses anybody.
        options.Model.MaxQueueLength = 100_000;
        for (var i = 0; i < _factors.Length; i++) options.Plans.Add(new() { DeviceId = $"sim:{i}", Latency = Latency(_factors[i]), Jitter = Jitter, FailureRate = failureRate });
    }

    private static LatencyCurve Latency(double factor) => LatencyCurve.Linear(TimeSpan.FromMilliseconds(factor), TimeSpan.FromMilliseconds(0.02 * factor));
}
