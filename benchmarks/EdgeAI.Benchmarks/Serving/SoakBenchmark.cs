namespace EdgeAI.Benchmarks.Serving;

/// <summary>A great many requests to one model from 16 clients, every answer compared, and the process's resident memory on the way.</summary>
internal static class SoakBenchmark
{
    private const int Clients = 16;
    private const int WarmUp = 50_000;
    private const int Looks = 20;

    public static async Task RunAsync(Arguments arguments)
    {
        var requests = arguments.Count("--requests", 1_000_000);
        var model = ServedModels.Open(arguments.Text("--model") ?? "digits").FirstOrDefault();
        if (model is null) return;
        var samples = Samples.Create(model, Clients);
        await using var server = await EngineServer.StartAsync(model, samples, PinnedPlan.From(arguments));
        await AskAsync(server, WarmUp);
        var first = ResidentMemory.Megabytes();
        Console.WriteLine($"after {WarmUp,9} requests of warm-up: {first,8:F1} MB resident");
        var (most, done) = (first, 0L);
        for (var look = 1; look <= Looks; look++)
        {
            var until = (long)requests * look / Looks;
            await AskAsync(server, until - done);
            done = until;
            var now = ResidentMemory.Megabytes();
            most = Math.Max(most, now);
            Console.WriteLine($"after {done,9} requests:            {now,8:F1} MB resident");
        }

        var claims = new Claims();
        claims.Add(model.Name, $"growth of resident memory, {requests} requests", "< 20 MB", $"{most - first:F1} MB", most - first < 20);
        claims.Add(model.Name, "answers equal to single ones", $"{requests}", $"{done}", done == requests);
        claims.Print();
    }

    private static async Task AskAsync(EngineServer server, long requests)
    {
        var left = requests;
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
        {
            using var request = new ClientRequest(server.Samples[client % server.Samples.Length]);
            while (Interlocked.Decrement(ref left) >= 0) await request.RunAsync(server.Model, check: true).ConfigureAwait(false);
        })));
    }
}
