using EdgeAI.Testing;

namespace EdgeAI.Benchmarks.Simulation;

/// <summary>What is simulated.</summary>
internal static class Scenarios
{
    private const double Jitter = 0.05;
    private const long MostForOracle = 20_000;
    private static readonly int[] _lanes = [1, 2, 4];
    private static readonly int[] _clients = [1, 2, 4, 8, 16, 64];
    private static readonly double[] _loads = [0.1, 0.3, 0.5, 0.8, 1, 2, 5, 10];

    public static IReadOnlyList<Scenario> ClosedLoops(long requests)
    {
        var each = requests / (DeviceCurve.All.Count * _lanes.Length * _clients.Length);
        return
        [
            .. from curve in DeviceCurve.All
               from lanes in _lanes
               from clients in _clients
               select Create($"{curve.Name}, {lanes} lanes, {clients} clients", each, isLatency: false, count => WithFaults(curve, lanes, count, SimulatedTraffic.ClosedLoop(clients, TimeSpan.FromMicroseconds(20)))),
        ];
    }

    public static IReadOnlyList<Scenario> OpenLoops(long requests)
    {
        var each = requests / (DeviceCurve.All.Count * _lanes.Length * _loads.Length);
        return
        [
            .. from curve in DeviceCurve.All
               from lanes in _lanes
               from load in _loads
               select Create($"{curve.Name}, {lanes} lanes, load {load:P0}", each, isLatency: load < 1, count => WithFaults(curve, lanes, count, SimulatedTraffic.Poisson(load * curve.Pace(lanes)))),
        ];
    }

    /// <summary>More than the device can do, with deadlines.</summary>
    public static SimulationOptions Overload(DeviceCurve curve, double load)
    {
        var options = new SimulationOptions { Duration = TimeSpan.FromSeconds(60), WarmUp = TimeSpan.FromSeconds(5) };
        options.Model.DefaultDeadline = 8 * curve.Latency.At(Best(curve));
        options.Plans.Add(new() { Latency = curve.Latency, Jitter = Jitter });
        options.Traffic.Add(SimulatedTraffic.Poisson(load * curve.Pace(1)));
        return options;
    }

    /// <summary>Load against what the device can do one by one.</summary>
    public static SimulationOptions Light(DeviceCurve curve, double load, bool batches)
    {
        var options = new SimulationOptions { Requests = 200_000 };
        if (!batches) options.Model.MaxBatch = 1;
        options.Plans.Add(new() { Latency = curve.Latency, Jitter = Jitter });
        options.Traffic.Add(SimulatedTraffic.Poisson(load / curve.Latency.At(1).TotalSeconds));
        return options;
    }

    private static Scenario Create(string name, long requests, bool isLatency, Func<long, SimulationOptions> create) =>
        new(name, create(requests), create(Math.Min(MostForOracle, requests)), isLatency);

    /// <summary>1 % faults: 0.5 % of the runs fail, 0.1 % of the requests make theirs fail, 0.4 % of the callers give up.</summary>
    private static SimulationOptions WithFaults(DeviceCurve curve, int lanes, long requests, SimulatedTraffic traffic)
    {
        var options = new SimulationOptions { Requests = requests };
        options.Plans.Add(new() { Latency = curve.Latency, Lanes = lanes, Jitter = Jitter, FailureRate = 0.005 });
        options.Traffic.Add(traffic with { PoisonRate = 0.001, CancelRate = 0.004 });
        return options;
    }

    private static int Best(DeviceCurve curve) => Enumerable.Range(1, DeviceCurve.MostRows).MaxBy(rows => rows / curve.Latency.At(rows).TotalSeconds);
}
