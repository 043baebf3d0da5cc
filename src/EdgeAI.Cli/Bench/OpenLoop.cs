namespace EdgeAI.Cli.Bench;

/// <summary>
/// Sends queries at times drawn ahead, whatever the answers do, and counts latency from those times: a target that falls behind cannot slow the
/// arrivals down and look better for it (coordinated omission). A sender that falls behind itself sends at once, and its delay counts.
/// </summary>
/// <param name="timeProvider">The clock.</param>
/// <param name="nap">Blocks the sender for about that long, or less.</param>
internal sealed class OpenLoop(TimeProvider timeProvider, Action<TimeSpan, CancellationToken> nap)
{
    /// <summary>Queries without an answer before the sender itself refuses more, so that an overload does not end in memory running out.</summary>
    public const int MaxOutstanding = 10_000;

    private static readonly QueryResult _tooMany = new(null, 0, new RequestRejectedException(RejectionReason.QueueFull, $"{MaxOutstanding} queries wait for their answers already; lower --rate."));

    /// <summary>Sends them all from a thread of its own, and waits for the answers. Cancelling leaves those under way to themselves.</summary>
    /// <param name="target">Who answers, without blocking.</param>
    /// <param name="arrivals">Times since the start, ascending.</param>
    /// <param name="duration">The time that the arrivals are drawn for: throughput counts over it, or until the last answer where that comes later.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Tally> RunAsync(IQueryTarget target, IReadOnlyList<TimeSpan> arrivals, TimeSpan duration, CancellationToken cancellationToken)
    {
        var run = new Run(timeProvider, target, arrivals.Count);
        await Task.Factory.StartNew(() => Send(run, arrivals, cancellationToken), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        var last = await run.Finished.WaitAsync(cancellationToken).ConfigureAwait(false);
        return run.ToTally(last > duration ? last : duration);
    }

    private void Send(Run run, IReadOnlyList<TimeSpan> arrivals, CancellationToken cancellationToken)
    {
        Nap.Sharpen();
        for (var i = 0; i < arrivals.Count; i++)
        {
            while (arrivals[i] - run.Now is { Ticks: > 0 } left)
            {
                cancellationToken.ThrowIfCancellationRequested();
                nap(left, cancellationToken);
            }

            cancellationToken.ThrowIfCancellationRequested();
            run.Send(i, arrivals[i]);
        }

        run.EndSending();
    }

    /// <summary>The answers of one run, each in a slot of its own, so that recording one takes no lock.</summary>
    private sealed class Run(TimeProvider timeProvider, IQueryTarget target, int queries)
    {
        private readonly long _start = timeProvider.GetTimestamp();
        private readonly (QueryResult Result, TimeSpan Latency)[] _answers = new (QueryResult, TimeSpan)[queries];
        private readonly TaskCompletionSource<TimeSpan> _finished = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TimeSpan _maxLag;

        // The sender counts as one until it is done.
        private int _outstanding = 1;

        public TimeSpan Now => timeProvider.GetElapsedTime(_start);

        /// <summary>Completes with the time of the last answer.</summary>
        public Task<TimeSpan> Finished => _finished.Task;

        public void Send(int query, TimeSpan due)
        {
            var lag = Now - due;
            if (lag > _maxLag) _maxLag = lag;
            if (Interlocked.Increment(ref _outstanding) > MaxOutstanding + 1) Record(query, due, _tooMany);
            else _ = AnswerAsync(query, due);
        }

        public void EndSending() => Release();

        public Tally ToTally(TimeSpan elapsed)
        {
            var tally = new Tally { MaxSenderLag = _maxLag, Elapsed = elapsed };
            foreach (var (result, latency) in _answers) tally.Add(result, latency);
            return tally;
        }

        private async Task AnswerAsync(int query, TimeSpan due) => Record(query, due, await target.QueryAsync().ConfigureAwait(false));

        private void Record(int query, TimeSpan due, QueryResult result)
        {
            _answers[query] = (result, Now - due);
            Release();
        }

        private void Release()
        {
            if (Interlocked.Decrement(ref _outstanding) == 0) _finished.TrySetResult(Now);
        }
    }
}
