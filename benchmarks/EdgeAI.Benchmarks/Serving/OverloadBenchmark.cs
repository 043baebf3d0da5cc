namespace EdgeAI.Benchmarks.Serving;

/// <summary>
/// Arrivals at several times the capacity, each with a deadline: how much is still answered in time, how soon the rest is refused, and what it does to memory.
/// The sender takes its share of the cores, as the front end of a real server does.
/// </summary>
internal static class OverloadBenchmark
{
    private const int Clients = 16;

    // Shares of the capacity; the peak is the best of those up to 1.
    private static readonly double[] _loads = [0.7, 0.85, 1, 2, 5, 10];
    private static readonly TimeSpan _lead = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _rest = TimeSpan.FromMilliseconds(200);

    public static async Task RunAsync(Arguments arguments)
    {
        var (rounds, length) = (arguments.Count("--rounds", 3), arguments.Seconds("--seconds", 2));
        var model = ServedModels.Open(arguments.Text("--model") ?? "conv").FirstOrDefault();
        if (model is null) return;
        var samples = Samples.Create(model, Clients);
        await using var server = await EngineServer.StartAsync(model, samples);
        var alone = (await ClosedLoop.RunAsync(server, 1, _lead, _lead)).Percentile(50);
        var deadline = TimeSpan.FromMicroseconds(Math.Max(20_000, 20 * alone));
        Console.WriteLine($"{model.Name}: {alone:F0} us alone, deadline {deadline.TotalMilliseconds:F0} ms; {rounds} rounds of {length.TotalSeconds} s a load, medians.");

        // The first overload grows thread pool, queues and lists to their size: it is not what is asked about.
        await OpenLoop.RunAsync(server, OpenLoop.Draw(_loads[^1] * await CapacityAsync(server), _lead, seed: 0), deadline);
        var before = ResidentMemory.MegabytesAfterCollection();
        var seen = _loads.ToDictionary(load => load, _ => new List<OpenFigures>());
        for (var round = 0; round < rounds; round++)
        {
            // Asked anew in each round: what else runs on a machine changes what it can do.
            var capacity = await CapacityAsync(server);
            foreach (var load in _loads)
            {
                await Task.Delay(_rest);
                seen[load].Add(await OpenLoop.RunAsync(server, OpenLoop.Draw(load * capacity, length, seed: round), deadline));
            }
        }

        Report(model.Name, seen, before, ResidentMemory.MegabytesAfterCollection());
    }

    private static async Task<double> CapacityAsync(EngineServer server) => (await ClosedLoop.RunAsync(server, Clients, _lead, _lead)).ItemsPerSecond;

    private static void Report(string name, Dictionary<double, List<OpenFigures>> seen, double before, double after)
    {
        Console.WriteLine($"{"load",-8}{"sent/s",9}{"goodput/s",11}{"of peak",9}{"p95",10}{"batch",8}{"refused",9}{"late",7}{"given up",10}{"refusal p50",13}{"p99",10}");
        var rounds = seen.Values.First().Count;
        var peaks = Enumerable.Range(0, rounds).Select(round => seen.Where(load => load.Key <= 1).Max(load => load.Value[round].Goodput)).ToArray();
        var claims = new Claims();
        foreach (var (load, figures) in seen)
        {
            var ofPeak = Statistics.Median(figures.Zip(peaks, (round, peak) => round.Goodput / peak));
            var refusals = figures.SelectMany(round => round.Refusals).ToList();
            var (p50, p99) = (Statistics.Percentile(refusals, 50), Statistics.Percentile(refusals, 99));
            Console.WriteLine(
                $"{load,-8:0.##x}{Statistics.Median(figures, round => round.Offered / round.SendingSeconds),9:F0}{Statistics.Median(figures, round => round.Goodput),11:F0}{ofPeak,9:P0}"
                + $"{Statistics.Median(figures, round => round.Percentile(95)) / 1000,7:F1} ms{Statistics.Median(figures, round => round.MeanBatch),8:F2}{refusals.Count,9}"
                + $"{figures.Sum(round => round.Latencies.Count - round.InTime),7}{figures.Sum(round => round.GivenUp),10}{p50,10:F0} us{p99,7:F0} us");
            if (load <= 1) continue;
            claims.Add(name, $"goodput at {load:F0}x over its peak", ">= 90 %", $"{ofPeak:P1}", ofPeak >= 0.9);
            claims.Add(name, $"refusal at {load:F0}x, p99", "< 1 ms", $"{p99:F0} us (p50 {p50:F0} us)", p99 < 1000);
        }

        claims.Add(name, "resident memory over all loads", "no growth (< 20 MB)", $"{before:F1} to {after:F1} MB", after - before < 20);
        claims.Print();
    }
}
