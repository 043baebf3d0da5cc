namespace EdgeAI.Benchmarks.Serving;

/// <summary>
/// The engine with closed-loop clients beside plain ONNX Runtime: a hand-written batcher that serves the same clients under the best plan of a sweep over all of them, lanes that only run under
/// the best plan for that (a bound, not a server), and one request at a time with default options. All sides alternate in rounds of one process, with another one first in each; ratios are medians over the rounds' ratios.
/// </summary>
internal static class ThroughputBenchmark
{
    private const double MinOfBest = 0.95;
    private const double MaxSlower = 1.02;
    private const double MaxLater = 20;

    private static readonly TimeSpan _lead = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan _rest = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan _sweep = TimeSpan.FromMilliseconds(300);

    public static async Task RunAsync(Arguments arguments)
    {
        var (rounds, length, clients) = (arguments.Count("--rounds", 10), arguments.Seconds("--seconds", 0.5), arguments.Count("--clients", 16));
        Console.WriteLine($"{clients} closed-loop clients, {rounds} rounds of {length.TotalSeconds} s a side, {Environment.ProcessorCount} cores. Plans are lanes x threads x batch.");
        var table = new List<string>();
        var claims = new Claims();
        foreach (var model in ServedModels.Open(arguments.Text("--model"))) table.Add(await MeasureAsync(model, rounds, length, clients, PinnedPlan.From(arguments), claims));
        if (table.Count == 0) return;
        Console.WriteLine();
        Console.WriteLine($"{"model",-12}{"engine/s",10}{"batcher/s",10}{"ratio",8}{"bound/s",10}{"ratio",8}{"single/s",10}{"ratio",8}{"p50 at 1",11}{"plain p50",11}{"ratio",8}  {"engine's plan",-14}{"batcher's",-12}bound's");
        foreach (var line in table) Console.WriteLine(line);
        claims.Print();
    }

    private static async Task<string> MeasureAsync(ServedModel model, int rounds, TimeSpan length, int clients, Action<ModelOptions> configure, Claims claims)
    {
        Console.WriteLine($"{model.Name}:");
        var samples = Samples.Create(model, clients);
        var boundPlan = await PlainSweep.FindBestBoundAsync(model, samples, Environment.ProcessorCount, clients, _sweep);
        var plan = await PlainSweep.FindBestServedAsync(model, samples, Environment.ProcessorCount, clients, _sweep);
        await using var engine = await EngineServer.StartAsync(model, samples, configure);
        Console.WriteLine($"  batching: {(engine.Batching.IsPossible ? "yes" : "no")}, {engine.Batching.Reason}");
        using var best = PlainBatcher.Start(model, samples, plan);
        using var bound = PlainServer.Open(model, samples, boundPlan);
        using var single = PlainServer.OpenDefault(model, samples);

        // The plan in force follows the load: it is asked for while the clients are still at it.
        var loaded = engine.Plan;
        Func<Task<LoadFigures>>[] sides =
        [
            async () =>
            {
                var figures = await ClosedLoop.RunAsync(engine, clients, _lead, length);
                loaded = engine.Plan;
                return figures;
            },
            () => ClosedLoop.RunAsync(best, clients, _lead, length),
            () => Task.FromResult(bound.Run(_lead, length)),
            () => Task.FromResult(single.Run(_lead, length)),
            () => ClosedLoop.RunAsync(engine, 1, _lead, length),
        ];
        var seen = sides.Select(_ => new List<LoadFigures>()).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            for (var turn = 0; turn < sides.Length; turn++)
            {
                var side = (round + turn) % sides.Length;
                seen[side].Add(await sides[side]());
                await Task.Delay(_rest);
            }
        }

        return Report(model, loaded, plan, boundPlan, seen, claims);
    }

    private static string Report(ServedModel model, ModelPlan plan, PlainPlan bestPlan, PlainPlan boundPlan, List<LoadFigures>[] seen, Claims claims)
    {
        var (engine, best, bound, single, alone) = (seen[0], seen[1], seen[2], seen[3], seen[4]);
        var sizes = new LoadFigures();
        foreach (var round in engine) sizes.Add(round);
        Console.WriteLine($"  batch sizes, share of requests: {string.Join(", ", sizes.BatchSizes.Select(size => $"{size.Key}: {(double)size.Value / sizes.Items:P1}"))}");

        var ofBest = Statistics.MedianRatio(engine, best, figures => figures.ItemsPerSecond);
        var ofBound = Statistics.MedianRatio(engine, bound, figures => figures.ItemsPerSecond);
        var ofSingle = Statistics.MedianRatio(engine, single, figures => figures.ItemsPerSecond);
        var latency = Statistics.MedianRatio(alone, single, figures => figures.Percentile(50));
        var (ours, plain) = (Statistics.Median(alone, figures => figures.Percentile(50)), Statistics.Median(single, figures => figures.Percentile(50)));
        var later = Statistics.Median(alone.Zip(single, (a, b) => a.Percentile(50) - b.Percentile(50)));
        var least = model.MustGain ?? (plain >= 1000 ? 0.98 : 0.9);
        claims.Add(model.Name, "throughput over the best hand-tuned batcher", $">= {MinOfBest:F2}", $"{ofBest:F3}", ofBest >= MinOfBest);
        claims.Add(model.Name, "throughput over the best lanes without clients", $">= {MinOfBest:F2}", $"{ofBound:F3}", ofBound >= MinOfBest);
        claims.Add(model.Name, "throughput over one at a time", model.MustGain is null ? $">= {least:F2}" : $"> {least:F2}", $"{ofSingle:F3}", model.MustGain is null ? ofSingle >= least : ofSingle > least);
        claims.Add(model.Name, "p50 at concurrency 1 over plain Run", $"<= {MaxSlower:F2} or +{MaxLater:F0} us", $"{latency:F3}, {later:+0.0;-0.0} us", latency <= MaxSlower || later <= MaxLater);
        return $"{model.Name,-12}{Statistics.Median(engine, figures => figures.ItemsPerSecond),10:F0}{Statistics.Median(best, figures => figures.ItemsPerSecond),10:F0}{ofBest,8:F3}{Statistics.Median(bound, figures => figures.ItemsPerSecond),10:F0}{ofBound,8:F3}{Statistics.Median(single, figures => figures.ItemsPerSecond),10:F0}{ofSingle,8:F3}{ours,8:F1} us{plain,8:F1} us{latency,8:F3}  {$"{plan.Lanes} x {plan.Threads} x {plan.MaxBatch}",-14}{bestPlan.ToString(),-12}{boundPlan}";
    }
}
