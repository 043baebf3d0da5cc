namespace EdgeAI.Cli.Bench;

/// <summary>Sends queries to a target and times them.</summary>
internal sealed class Load(TimeProvider timeProvider)
{
    /// <summary>Queries that wait at the same time in the offline scenario; longer runs send several such bursts.</summary>
    public const int MaxBurst = 100_000;

    /// <summary>Clients that each send their next query when the last one is answered.</summary>
    /// <param name="target">Who answers.</param>
    /// <param name="clients">How many, each on a thread of its own where the target blocks.</param>
    /// <param name="duration">No query starts later; each client sends one at least.</param>
    /// <param name="cancellationToken">Ends it between queries.</param>
    public Task<Tally> RunClientsAsync(IQueryTarget target, int clients, TimeSpan duration, CancellationToken cancellationToken) =>
        RunClientsAsync(target, clients, samples: 1, duration, cancellationToken);

    /// <summary>Clients whose queries are several requests at once; a query is answered when all of them are, and its latency counts until then.</summary>
    public async Task<Tally> RunClientsAsync(IQueryTarget target, int clients, int samples, TimeSpan duration, CancellationToken cancellationToken)
    {
        var start = timeProvider.GetTimestamp();
        var creation = target.IsBlocking ? TaskCreationOptions.LongRunning : TaskCreationOptions.None;
        var tallies = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ =>
            Task.Factory.StartNew(() => RunClientAsync(target, samples, start, duration, cancellationToken), cancellationToken, creation, TaskScheduler.Default).Unwrap())).ConfigureAwait(false);
        var sum = new Tally();
        foreach (var tally in tallies) sum.Add(tally);
        sum.Elapsed = timeProvider.GetElapsedTime(start);
        return sum;
    }

    /// <summary>Queries that all come at once; their latency counts from that moment. Cancelling leaves them to themselves.</summary>
    public async Task<Tally> RunBurstAsync(IQueryTarget target, int queries, CancellationToken cancellationToken)
    {
        var start = timeProvider.GetTimestamp();
        var answers = new Task<(QueryResult Result, TimeSpan Latency)>[queries];
        for (var i = 0; i < queries; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            answers[i] = QueryAsync(target, start);
        }

        var all = await Task.WhenAll(answers).WaitAsync(cancellationToken).ConfigureAwait(false);
        var sum = new Tally { Elapsed = timeProvider.GetElapsedTime(start) };
        foreach (var (result, latency) in all) sum.Add(result, latency);
        return sum;
    }

    private async Task<(QueryResult Result, TimeSpan Latency)> QueryAsync(IQueryTarget target, long start)
    {
        var result = await target.QueryAsync().ConfigureAwait(false);
        return (result, timeProvider.GetElapsedTime(start));
    }

    private async Task<Tally> RunClientAsync(IQueryTarget target, int samples, long start, TimeSpan duration, CancellationToken cancellationToken)
    {
        var tally = new Tally();
        var answers = new Task<QueryResult>[samples];
        var sent = timeProvider.GetTimestamp();
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            var previous = sent;
            if (samples == 1)
            {
                var result = await target.QueryAsync().ConfigureAwait(false);
                sent = timeProvider.GetTimestamp();
                tally.Add(result, timeProvider.GetElapsedTime(previous, sent));
            }
            else
            {
                for (var i = 0; i < samples; i++) answers[i] = target.QueryAsync().AsTask();
                var results = await Task.WhenAll(answers).ConfigureAwait(false);
                sent = timeProvider.GetTimestamp();
                tally.Add(results, timeProvider.GetElapsedTime(previous, sent));
            }
        }
        while (timeProvider.GetElapsedTime(start, sent) < duration);
        return tally;
    }
}
