namespace EdgeAI.Benchmarks.Serving;

/// <summary>
/// Arrivals at several times the capacity, each with a deadline: how much is still answered in time, how soon the rest is refused, and what it does to memory.
/// The sender takes its share of the cores, as the front end of a real server does.
/// </summary>
internal static class OverloadBenchmark
{
    private const int Clients = 16;
    private static readonly double[] _peakLoads = [0.7, 0.85, 1.0];
    private static readonly double[] _overloads = [2, 5, 10];
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
        var capacity = (await ClosedLoop.RunAsync(server, Clients, _lead, 2 * _lead)).ItemsPerSecond;
        var deadline = TimeSpan.FromMicroseconds(Math.Max(20_000, 20 * alone));
        Console.WriteLine($"{model.Name}: {capacity:F0} items/s closed-loop, {alone:F0} us alone, deadline {deadline.TotalMilliseconds:F0} ms; {rounds} rounds of {length.TotalSeconds} s a load, medians.");
        Console.WriteLine($"{"load",-8}{"sent/s",9}{"goodput/s",11}{"p95",10}{"refused",9}{"late",7}{"given up",10}{"refusal p50",13}{"p99",10}");

        // The first overload grows thread pool, queues and lists to their size: it is not what is asked about.
        await OpenLoop.RunAsync(server, OpenLoop.Draw(_overloads[^1] * capacity, _lead, seed: 0), deadline);
        var before = ResidentMemory.MegabytesAfterCollection();
        var peak = 0.0;
        foreach (var load in _peakLoads) peak = Math.Max(peak, (await MeasureAsync(server, load, capacity, deadline, rounds, length)).Goodput);
        var claims = new Claims();
        foreach (var load in _overloads)
        {
            var (goodput, refusals) = await MeasureAsync(server, load, capacity, deadline, rounds, length);
            var (p50, p99) = (Statistics.Percentile(refusals, 50), Statistics.Percentile(refusals, 99));
            claims.Add(model.Name, $"goodput at {load:F0}x over its peak", ">= 90 %", $"{goodput / peak:P1}", goodput >= 0.9 * peak);
            claims.Add(model.Name, $"refusal at {load:F0}x, p99", "< 1 ms", $"{p99:F0} us (p50 {p50:F0} us)", p99 < 1000);
        }

        var after = ResidentMemory.MegabytesAfterCollection();
        claims.Add(model.Name, "resident memory over all loads", "no growth (< 20 MB)", $"{before:F1} to {after:F1} MB", after - before < 20);
        claims.Print();
    }

    private static async Task<(double Goodput, List<double> Refusals)> MeasureAsync(EngineServer server, double load, double capacity, TimeSpan deadline, int rounds, TimeSpan length)
    {
        var seen = new List<OpenFigures>();
        for (var round = 0; round < rounds; round++)
        {
            seen.Add(await OpenLoop.RunAsync(server, OpenLoop.Draw(load * capacity, length, seed: round), deadline));
            await Task.Delay(_rest);
        }

        var refusals = seen.SelectMany(figures => figures.Refusals).ToList();
        var goodput = Statistics.Median(seen, figures => figures.Goodput);
        Console.WriteLine($"{load,-8:0.##x}{Statistics.Median(seen, figures => figures.Offered / figures.SendingSeconds),9:F0}{goodput,11:F0}{Statistics.Median(seen, figures => figures.Percentile(95)) / 1000,7:F1} ms{refusals.Count,9}{seen.Sum(figures => figures.Latencies.Count - figures.InTime),7}{seen.Sum(figures => figures.GivenUp),10}{Statistics.Percentile(refusals, 50),10:F0} us{Statistics.Percentile(refusals, 99),7:F0} us");
        return (goodput, refusals);
    }
}
