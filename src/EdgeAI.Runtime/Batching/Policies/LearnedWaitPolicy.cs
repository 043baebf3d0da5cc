namespace EdgeAI.Batching.Policies;

/// <summary>
/// Waits where the sum of all latencies is expected to be smaller for it. Clients that send their next request when they have an answer come back in a
/// group shortly after a run ends; a lane that starts with the first of them runs half batches for ever. With k rows waiting, m expected within
/// a time w, and l(b) the duration of a run of b rows, starting at once costs
///     k l(k) + m (max(l(k) - w/2, 0) + l(m))
/// and waiting costs
///     k (w + l(k+m)) + m (w/2 + l(k+m)).
/// For random arrivals the first is nearly always smaller, so that light traffic is never delayed.
/// </summary>
internal sealed class LearnedWaitPolicy : IBatchingPolicy
{
    // A wait that is expected to win less than this share is not worth its risk.
    private const double RequiredGain = 0.97;

    public string Name => BatchingPolicyNames.LearnedWait;

    public BatchDecision Decide(BatchingState state)
    {
        if (!state.MustRun && state.QueuedRows < state.MaxRows && FindWait(state) is { } wait) return wait;
        return BatchDecision.Run(BatchSizing.Choose(state));
    }

    private static BatchDecision? FindWait(BatchingState state)
    {
        var k = state.QueuedRows;
        var atMost = state.MaxWait - state.Held;
        var now = (double)state.Predict(k).Ticks;
        if (now == 0) return null;
        var best = RequiredGain;
        BatchDecision? decision = null;
        for (var window = 0; window < state.Windows.Length; window++)
        {
            var m = state.ExpectArrivals(window, out var remaining);
            if (m < 0.5) continue;
            if (remaining > atMost) break;
            var more = Math.Max(1, (int)Math.Round(m));
            var together = Math.Min(k + more, state.MaxRows);

            // Only those count who make this run better: beyond the end of a tile, others are as well off in the next one.
            if (state.BestFirst(together) is var first && first < together)
            {
                if (first <= k) continue;
                (together, more) = (first, first - k);
                m = Math.Min(m, more);
            }

            if (state.TimeToDeadline is { } left && remaining + state.PredictUpper(together) > left) break;

            var w = (double)remaining.Ticks;
            var shared = (double)state.Predict(together).Ticks;
            var atOnce = (k * now) + (m * (Math.Max(now - (w / 2), 0) + state.Predict(more).Ticks));
            var waiting = (k * (w + shared)) + (m * ((w / 2) + shared));
            if (waiting >= best * atOnce) continue;
            best = waiting / atOnce;
            decision = BatchDecision.WaitFor(together, remaining);
        }

        return decision;
    }
}
