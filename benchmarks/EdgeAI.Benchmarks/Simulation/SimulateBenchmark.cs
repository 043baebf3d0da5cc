using System.Diagnostics;
using EdgeAI.Testing;

namespace EdgeAI.Benchmarks.Simulation;

/// <summary>
/// The scheduler against an oracle, on virtual time: 10 million requests over device curves, lanes and loads with 1 % faults, goodput under overload, and open-loop latency beside
/// requests that are served one by one.
/// </summary>
internal static class SimulateBenchmark
{
    private const double TargetRegret = 0.05;

    public static int Run(long requests)
    {
        var started = Stopwatch.GetTimestamp();
        var isMet = CompareWithOracle(Scenarios.ClosedLoops(requests / 2), "closed loops") & CompareWithOracle(Scenarios.OpenLoops(requests / 2), "open loops, load against the best batch's pace");
        isMet &= ShowOverload();
        isMet &= ShowLightLoad();
        Console.WriteLine($"{Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s in all");
        return isMet ? 0 : 1;
    }

    private static bool CompareWithOracle(IReadOnlyList<Scenario> scenarios, string title)
    {
        Console.WriteLine($"{title}\n{"scenario",-44}{"answered/s",12}{"mean ms",9}{"rows",7}{"oracle/s",12}{"mean ms",9}{"rows",6}{"regret",9}{"error p95",11}");
        long submitted = 0, lost = 0, twice = 0;
        var seconds = 0.0;
        var regrets = new List<double>();
        foreach (var scenario in scenarios)
        {
            var started = Stopwatch.GetTimestamp();
            var result = SchedulingSimulation.Run(scenario.Options);
            seconds += Stopwatch.GetElapsedTime(started).TotalSeconds;
            (submitted, lost, twice) = (submitted + result.Total.Submitted, lost + result.Total.Lost, twice + result.Total.EndedTwice);

            // The oracle has many tries, so that both are compared over fewer requests.
            result = SchedulingSimulation.Run(scenario.ForOracle);
            var ours = result.Total;
            var best = scenario.IsLatency ? SchedulingOracle.BestLatency(scenario.ForOracle, DeviceCurve.MostRows) : SchedulingOracle.BestThroughput(scenario.ForOracle);
            var oracle = best.Result.Total;
            var regret = scenario.IsLatency ? (ours.MeanLatency / oracle.MeanLatency) - 1 : 1 - (ours.Goodput / oracle.Goodput);
            regrets.Add(regret);
            Console.WriteLine($"{scenario.Name,-44}{ours.Throughput,12:F0}{ours.MeanLatency.TotalMilliseconds,9:F2}{result.Plans[0].MeanRows,7:F1}{oracle.Throughput,12:F0}{oracle.MeanLatency.TotalMilliseconds,9:F2}{best.Rows,5}{(best.WaitsForFullBatches ? "w" : " ")}{regret,9:P1}{result.PredictionErrorP95,11:P0}{(regret > TargetRegret ? "  <--" : "")}");
        }

        Console.WriteLine($"{submitted:N0} requests in {seconds:F1} s: {lost} lost, {twice} ended twice; regret mean {regrets.Average():P1}, worst {regrets.Max():P1}, above {TargetRegret:P0}: {regrets.Count(regret => regret > TargetRegret)} of {regrets.Count}\n");
        return lost == 0 && twice == 0 && regrets.Max() <= TargetRegret;
    }

    private static bool ShowOverload()
    {
        var isMet = true;
        Console.WriteLine($"goodput under overload, deadline of eight full runs\n{"curve",-14}{"peak/s",10}{"1x",8}{"2x",8}{"5x",8}{"10x",8}");
        foreach (var curve in DeviceCurve.All)
        {
            var peak = curve.Pace(lanes: 1);
            var goodputs = new[] { 1.0, 2, 5, 10 }.Select(load => SchedulingSimulation.Run(Scenarios.Overload(curve, load)).Total.Goodput).ToArray();
            var best = Math.Max(peak, goodputs.Max());
            Console.WriteLine($"{curve.Name,-14}{peak,10:F0}{string.Concat(goodputs.Select(goodput => $"{goodput / best,8:P0}"))}");
            isMet &= goodputs[1..].All(goodput => goodput >= 0.9 * best);
        }

        Console.WriteLine();
        return isMet;
    }

    private static bool ShowLightLoad()
    {
        var isMet = true;
        Console.WriteLine($"open loop beside requests served one by one, load against that one's pace\n{"curve",-14}{"mean at 30 %",14}{"p95 at 80 %",14}");
        foreach (var curve in DeviceCurve.All)
        {
            var mean = Ratio(curve, 0.3, result => result.Total.MeanLatency);
            var p95 = Ratio(curve, 0.8, result => result.Total.LatencyPercentile(0.95));
            Console.WriteLine($"{curve.Name,-14}{mean,14:F3}{p95,14:F3}");
            isMet &= mean <= 1.05 && p95 <= 1.01;
        }

        Console.WriteLine();
        return isMet;
    }

    private static double Ratio(DeviceCurve curve, double load, Func<SimulationResult, TimeSpan> figure) =>
        figure(SchedulingSimulation.Run(Scenarios.Light(curve, load, batches: true))) / figure(SchedulingSimulation.Run(Scenarios.Light(curve, load, batches: false)));
}
