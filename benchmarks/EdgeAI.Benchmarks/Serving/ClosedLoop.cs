using System.Diagnostics;

namespace EdgeAI.Benchmarks.Serving;

/// <summary>Asynchronous clients of a server that each send their next request when the last one is answered.</summary>
internal static class ClosedLoop
{
    // Comparing an answer costs time that the engine is not to blame for: all are compared before the measured time, in it one of so many.
    private const int CheckEvery = 64;

    /// <summary>Runs clients for a while.</summary>
    /// <param name="server">Who answers.</param>
    /// <param name="clients">How many.</param>
    /// <param name="lead">Time before the measured one, in which every answer is compared and the server gets used to the load.</param>
    /// <param name="length">The measured time.</param>
    /// <param name="keepRuns">Whether what was predicted of each run is kept.</param>
    /// <exception cref="WrongAnswerException">An answer was wrong.</exception>
    public static async Task<LoadFigures> RunAsync(IServer server, int clients, TimeSpan lead, TimeSpan length, bool keepRuns = false)
    {
        var from = Stopwatch.GetTimestamp() + Ticks(lead);
        var until = from + Ticks(length);
        var seen = await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(() => RunClientAsync(server, client, from, until, keepRuns))));
        var sum = new LoadFigures { Seconds = length.TotalSeconds };
        foreach (var one in seen) sum.Add(one);
        return sum;
    }

    internal static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    private static async Task<LoadFigures> RunClientAsync(IServer server, int client, long from, long until, bool keepRuns)
    {
        var figures = new LoadFigures();
        using var request = server.CreateClient(client);
        var sent = Stopwatch.GetTimestamp();
        for (var i = 0; sent < until; i++)
        {
            var (batchSize, routing) = await request.AskAsync(check: sent < from || i % CheckEvery == 0).ConfigureAwait(false);
            var answered = Stopwatch.GetTimestamp();
            if (answered >= from && answered < until)
            {
                figures.Items++;
                figures.Latencies.Add(Stopwatch.GetElapsedTime(sent, answered).TotalMicroseconds);
                figures.Count(batchSize);
                if (keepRuns && routing is not null) figures.Runs.Add(routing);
            }

            sent = answered;
        }

        return figures;
    }
}
