namespace EdgeAI.Benchmarks.Serving;

/// <summary>
/// Poisson arrivals at 30 % and 80 % of what 16 closed-loop clients get, at the engine with batching and at one with <see cref="ModelOptions.MaxBatch"/> 1: the same
/// arrivals for both, in alternating rounds of one process.
/// </summary>
internal static class OpenLoopBenchmark
{
    private const int Clients = 16;
    private static readonly TimeSpan _lead = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan _rest = TimeSpan.FromMilliseconds(50);

    public static async Task RunAsync(Arguments arguments)
    {
        var (rounds, length) = (arguments.Count("--rounds", 8), arguments.Seconds("--seconds", 1));
        var model = ServedModels.Open(arguments.Text("--model") ?? "conv").FirstOrDefault();
        if (model is null) return;
        var samples = Samples.Create(model, Clients);
        await using var batched = await EngineServer.StartAsync(model, samples);
        await using var single = await EngineServer.StartAsync(model, samples, options => options.MaxBatch = 1);
        await ClosedLoop.RunAsync(single, Clients, _lead, _lead);
        Console.WriteLine($"{model.Name}: {rounds} rounds of {length.TotalSeconds} s a side. Times in us, from the planned arrival; medians over the rounds.");
        Console.WriteLine($"{"load",-7}{"side",-12}{"sent/s",9}{"mean",9}{"p50",9}{"p95",9}{"batch",8}{"answered",10}{"refused",9}");
        var claims = new Claims();
        foreach (var load in new[] { 0.3, 0.8 }) await MeasureAsync(model.Name, batched, single, load, rounds, length, claims);
        claims.Print();
    }

    private static async Task MeasureAsync(string name, EngineServer batched, EngineServer single, double load, int rounds, TimeSpan length, Claims claims)
    {
        var (ours, theirs) = (new List<OpenFigures>(), new List<OpenFigures>());
        for (var round = 0; round < rounds; round++)
        {
            // Asked anew in each round: what else runs on a machine changes what it can do.
            var capacity = (await ClosedLoop.RunAsync(batched, Clients, _lead, _lead)).ItemsPerSecond;
            await Task.Delay(_rest);
            var arrivals = OpenLoop.Draw(load * capacity, length, seed: round);
            var isBatchedFirst = round % 2 == 0;
            foreach (var isBatched in new[] { isBatchedFirst, !isBatchedFirst })
            {
                (isBatched ? ours : theirs).Add(await OpenLoop.RunAsync(isBatched ? batched : single, arrivals));
                await Task.Delay(_rest);
            }
        }

        Print(load, "batching", ours);
        Print(load, "MaxBatch=1", theirs);
        var (mean, p95) = (Statistics.MedianRatio(ours, theirs, figures => figures.Mean), Statistics.MedianRatio(ours, theirs, figures => figures.Percentile(95)));
        if (load < 0.5) claims.Add(name, $"mean latency at {load:P0} load over MaxBatch=1", "<= 1.05", $"{mean:F3}", mean <= 1.05);
        else claims.Add(name, $"p95 at {load:P0} load over MaxBatch=1", "<= 1.00", $"{p95:F3}", p95 <= 1);
    }

    private static void Print(double load, string side, List<OpenFigures> rounds) => Console.WriteLine(
        $"{load,-7:P0}{side,-12}{Statistics.Median(rounds, figures => figures.Offered / figures.SendingSeconds),9:F0}{Statistics.Median(rounds, figures => figures.Mean),9:F0}{Statistics.Median(rounds, figures => figures.Percentile(50)),9:F0}{Statistics.Median(rounds, figures => figures.Percentile(95)),9:F0}{Statistics.Median(rounds, figures => figures.MeanBatch),8:F2}{rounds.Sum(figures => figures.Latencies.Count),10}{rounds.Sum(figures => figures.Refusals.Count + figures.GivenUp),9}");
}
