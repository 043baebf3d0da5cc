using System.Diagnostics;
using EdgeAI.Benchmarks.Serving;
using EdgeAI.Testing;

namespace EdgeAI.Benchmarks.Simulation;

/// <summary>The router with several devices, on virtual time, and the time that a decision takes on this machine.</summary>
internal static class RoutingBenchmark
{
    private const int Clients = 2_000;
    private static readonly TimeSpan _deadline = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _duration = TimeSpan.FromSeconds(15);

    /// <summary>Returns 0 where every target is met; or 0 after drawing.</summary>
    public static int Run(Arguments arguments)
    {
        if (arguments.Text("--plot") is { } file)
        {
            RoutingPlot.Write(file);
            return 0;
        }

        var started = Stopwatch.GetTimestamp();
        var claims = new Claims();
        Console.WriteLine($"eight devices, speed ratio 50, batches up to {MixedDevices.MaxBatch}; two throttle (3x from 5 to 10 s, 2x from 3 to 12 s), one fails from 6 to 9 s; {_duration.TotalSeconds} s");
        CompareWithOracle(claims);
        foreach (var load in new[] { 0.5, 0.9, 1.5 }) CheckDeadlines(load, claims);
        SlowDevice.Check(claims);
        CheckFaults(arguments.Count("--requests", 1_000_000), claims);
        foreach (var (devices, target) in new[] { (8, 5.0), (256, 50.0) })
        {
            var (microseconds, bytes) = RoutingDecision.Measure(devices);
            claims.Add("decision", $"{devices} devices", $"< {target} us", $"{microseconds:F2} us", microseconds < target);
            claims.Add("decision", $"{devices} devices, allocated", "0 B", $"{bytes} B", bytes == 0);
        }

        claims.Print();
        Console.WriteLine($"{Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s in all");
        return claims.AreMet ? 0 : 1;
    }

    private static void CompareWithOracle(Claims claims)
    {
        var result = SchedulingSimulation.Run(MixedDevices.WithTrouble(SimulatedTraffic.ClosedLoop(Clients), _duration));
        var oracle = MixedDevices.OraclePace(_duration.TotalSeconds);
        Show($"{Clients} clients, closed loop", result);
        Console.WriteLine($"{"device",10}{"answered",12}{"rows a run",12}{"busy",8}{"failed runs",13}{"moved on",10}");
        foreach (var plan in result.Plans) Console.WriteLine($"{plan.DeviceId,10}{plan.Answered,12:N0}{plan.MeanRows,12:F1}{plan.Utilization,8:P0}{plan.FailedRuns,13}{plan.FailedOver,10:N0}");
        claims.Add("throughput", $"of the oracle's {oracle:N0}/s", ">= 95 %", $"{result.Total.Throughput / oracle:P1}", result.Total.Throughput >= 0.95 * oracle);
    }

    private static void CheckDeadlines(double load, Claims claims)
    {
        var traffic = SimulatedTraffic.Poisson(load * MixedDevices.Pace) with { Deadline = _deadline };
        var result = SchedulingSimulation.Run(MixedDevices.WithTrouble(traffic, _duration));
        Show($"load {load:P0}, deadline {_deadline.TotalMilliseconds} ms", result);
        var missed = (double)result.Total.DeadlineMisses / result.Total.Admitted;
        claims.Add("deadlines", $"missed of those admitted, load {load:P0}", "<= 0.1 %", $"{missed:P3}", missed <= 0.001);
    }

    private static void CheckFaults(long requests, Claims claims)
    {
        var traffic = SimulatedTraffic.Poisson(0.5 * MixedDevices.Pace) with { Deadline = _deadline };
        var result = SchedulingSimulation.Run(MixedDevices.WithFaults(traffic, requests, failureRate: 0.01));
        Show("1 % of the runs fail", result);
        var total = result.Total;
        claims.Add("faults", $"lost of {total.Submitted:N0}", "0", $"{total.Lost}", total.Lost == 0);
        claims.Add("faults", "answered twice", "0", $"{total.EndedTwice}", total.EndedTwice == 0);
        claims.Add("faults", "answered within their deadline", ">= 99.9 %", $"{(double)total.AnsweredInTime / total.Submitted:P3}", total.AnsweredInTime >= 0.999 * total.Submitted);
    }

    private static void Show(string name, SimulationResult result)
    {
        var total = result.Total;
        Console.WriteLine($"{name,-30}{total.Submitted,12:N0} sent{total.RefusedInAll,10:N0} refused{total.DeadlineMisses,8:N0} late{total.Failed,7:N0} failed{result.Plans.Sum(plan => plan.FailedOver),9:N0} moved on{total.Throughput,10:N0}/s   mean {total.MeanLatency.TotalMilliseconds:F1} ms, p99 {total.LatencyPercentile(0.99).TotalMilliseconds:F1} ms");
    }
}
