namespace EdgeAI.Benchmarks.Serving;

/// <summary>How far the predicted duration of a run is from the one seen, once the plan is settled and the load has been the same for a while. Each run counts once.</summary>
internal static class PredictionBenchmark
{
    private static readonly TimeSpan _lead = TimeSpan.FromSeconds(1);

    public static async Task RunAsync(Arguments arguments)
    {
        var length = arguments.Seconds("--seconds", 3);
        var claims = new Claims();
        Console.WriteLine($"|predicted - seen| / seen over {length.TotalSeconds} s, after {_lead.TotalSeconds} s of the same load.");
        Console.WriteLine($"{"model",-12}{"clients",8}{"runs",9}{"unpredicted",13}{"p50",9}{"p95",9}{"bias",9}");
        foreach (var model in ServedModels.Open(arguments.Text("--model")))
        {
            var samples = Samples.Create(model, 16);
            await using var server = await EngineServer.StartAsync(model, samples);
            foreach (var clients in new[] { 1, 16 }) await MeasureAsync(model.Name, server, clients, length, claims);
        }

        claims.Print();
    }

    private static async Task MeasureAsync(string name, EngineServer server, int clients, TimeSpan length, Claims claims)
    {
        var figures = await ClosedLoop.RunAsync(server, clients, _lead, length, keepRuns: true);

        // Requests of one run share its record.
        var runs = figures.Runs.Distinct(ReferenceEqualityComparer.Instance).Cast<RoutingRecord>().ToArray();
        var predicted = runs.Where(run => run.Predicted is not null).ToArray();
        var errors = predicted.Select(run => (run.Predicted!.Value - run.Actual).Duration() / run.Actual).ToList();
        var bias = Statistics.Median(predicted.Select(run => run.Predicted!.Value / run.Actual));
        var p95 = Statistics.Percentile(errors, 95);
        Console.WriteLine($"{name,-12}{clients,8}{runs.Length,9}{runs.Length - predicted.Length,13}{Statistics.Percentile(errors, 50),9:P1}{p95,9:P1}{bias - 1,9:+0.0%;-0.0%}");
        claims.Add(name, $"p95 of the prediction's error, {clients} client(s)", "< 15 %", $"{p95:P1}", p95 < 0.15);
    }
}
