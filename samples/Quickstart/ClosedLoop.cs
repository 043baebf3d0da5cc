using System.Diagnostics;

namespace EdgeAI.Samples.Quickstart;

/// <summary>Measures how fast answers come when a number of clients each ask again as soon as they are answered.</summary>
internal static class ClosedLoop
{
    /// <summary>Runs the clients for a while.</summary>
    /// <param name="clients">How many ask at the same time.</param>
    /// <param name="duration">How long they go on.</param>
    /// <param name="ask">One question; given a number that differs from question to question.</param>
    public static async Task<LoadMeasurement> RunAsync(int clients, TimeSpan duration, Func<int, Task> ask)
    {
        var start = Stopwatch.GetTimestamp();
        var latencies = await Task.WhenAll(Enumerable.Range(0, clients).Select(client => Task.Run(() => AskAsync(client))));
        return LoadMeasurement.From(latencies.SelectMany(all => all), Stopwatch.GetElapsedTime(start));

        async Task<List<TimeSpan>> AskAsync(int client)
        {
            var taken = new List<TimeSpan>();
            for (var number = client; Stopwatch.GetElapsedTime(start) < duration; number += clients)
            {
                var asked = Stopwatch.GetTimestamp();
                await ask(number);
                taken.Add(Stopwatch.GetElapsedTime(asked));
            }

            return taken;
        }
    }
}
