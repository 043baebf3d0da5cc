using System.Diagnostics;

namespace EdgeAI.Benchmarks.Serving;

/// <summary>
/// Requests at times drawn ahead, whatever the answers do. Latency counts from those times: a server that falls behind cannot slow the arrivals
/// down and look better for it.
/// </summary>
internal static class OpenLoop
{
    private const int CheckEvery = 64;

    /// <summary>Arrivals of a Poisson process, in seconds from the start.</summary>
    public static double[] Draw(double rate, TimeSpan length, int seed)
    {
        var random = new Random(seed);
        var arrivals = new List<double>();
        for (var at = Gap(random, rate); at < length.TotalSeconds; at += Gap(random, rate)) arrivals.Add(at);
        return [.. arrivals];
    }

    /// <summary>Sends them all from a thread of its own and waits for the answers.</summary>
    /// <exception cref="WrongAnswerException">An answer was wrong.</exception>
    public static async Task<OpenFigures> RunAsync(EngineServer server, double[] arrivals, TimeSpan? deadline = null)
    {
        var requests = server.Samples.Select(sample => new ClientRequest(sample, deadline)).ToArray();
        var fates = new Task<Fate>[arrivals.Length];
        var start = Stopwatch.GetTimestamp();
        var sent = await Task.Factory.StartNew(() => Send(server, arrivals, requests, fates, start), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var all = await Task.WhenAll(fates);
        var figures = new OpenFigures { Offered = arrivals.Length, SendingSeconds = sent, Seconds = Math.Max(sent, all.Length == 0 ? sent : all.Max(fate => fate.EndedAt)) };
        for (var i = 0; i < all.Length; i++) Count(figures, all[i], arrivals[i], deadline);
        foreach (var request in requests) request.Dispose();
        return figures;
    }

    private static double Send(EngineServer server, double[] arrivals, ClientRequest[] requests, Task<Fate>[] fates, long start)
    {
        for (var i = 0; i < arrivals.Length; i++)
        {
            while (arrivals[i] - Now(start) is > 0 and var left) ShortSleep.For(TimeSpan.FromSeconds(left));
            fates[i] = AskAsync(server, requests[i % requests.Length], i % CheckEvery == 0, start);
        }

        return Now(start);
    }

    private static async Task<Fate> AskAsync(EngineServer server, ClientRequest request, bool check, long start)
    {
        var called = Now(start);
        var answer = request.SendAsync(server.Model);
        var isAtOnce = answer.IsCompleted;
        try
        {
            using var response = await answer.ConfigureAwait(false);
            var ended = Now(start);
            if (check) request.Check(response);
            return new Fate(called, ended, response.Timings.BatchSize, IsRefused: false);
        }
        catch (RequestRejectedException)
        {
            return new Fate(called, Now(start), BatchSize: 0, IsRefused: isAtOnce);
        }
    }

    private static void Count(OpenFigures figures, Fate fate, double arrival, TimeSpan? deadline)
    {
        if (fate.IsRefused)
        {
            figures.Refusals.Add(1e6 * (fate.EndedAt - fate.CalledAt));
        }
        else if (fate.BatchSize == 0)
        {
            figures.GivenUp++;
        }
        else
        {
            figures.Latencies.Add(1e6 * (fate.EndedAt - arrival));
            figures.BatchSizes += fate.BatchSize;
            if (deadline is null || fate.EndedAt - fate.CalledAt <= deadline.Value.TotalSeconds) figures.InTime++;
        }
    }

    private static double Now(long start) => Stopwatch.GetElapsedTime(start).TotalSeconds;

    private static double Gap(Random random, double rate) => -Math.Log(1 - random.NextDouble()) / rate;

    /// <summary>How a request ended; a batch size of 0 where it was not run.</summary>
    private readonly record struct Fate(double CalledAt, double EndedAt, int BatchSize, bool IsRefused);
}
