namespace EdgeAI.Routing.Policies;

/// <summary>
/// The device that is predicted to end the next run first, waiting for it included. Where that one is busy and has more to do than it can end before a free one has run its share, the free one helps out:
/// of what waits, something is then answered later than it might be, but everything sooner. A device of which nothing is known is tried with one run at a time.
/// </summary>
internal sealed class EarliestFinishPolicy : IRoutingPolicy
{
    // Predictions differ from run to run; a change for less than this would be chance, and caches are warm where the last run was.
    private const double Loyalty = 0.9;

    public string Name => RoutingPolicyNames.EarliestFinish;

    public int Choose(ReadOnlySpan<RoutingOption> options, in RoutingQuery query)
    {
        var best = -1;
        var bestFinish = double.PositiveInfinity;
        for (var i = 0; i < options.Length; i++)
        {
            if (options[i].Finish is not { } finish)
            {
                if (options[i] is { IdleLanes: > 0, RunningRows: 0 }) return i;
                continue;
            }

            var weighed = finish.Ticks * (i == query.Previous ? Loyalty : 1);
            if (weighed < bestFinish) (best, bestFinish) = (i, weighed);
        }

        if (best < 0) return FirstFree(options);
        return options[best].IdleLanes > 0 ? best : FindHelper(options, best);
    }

    /// <summary>The free device that ends its run first, if that is before the best one has worked everything off; otherwise the best one.</summary>
    private static int FindHelper(ReadOnlySpan<RoutingOption> options, int best)
    {
        var limit = options[best].Drain ?? TimeSpan.MaxValue;
        var helper = best;
        for (var i = 0; i < options.Length; i++)
        {
            if (options[i].IdleLanes == 0 || options[i].Finish is not { } finish || finish >= limit) continue;
            (helper, limit) = (i, finish);
        }

        return helper;
    }

    private static int FirstFree(ReadOnlySpan<RoutingOption> options)
    {
        for (var i = 0; i < options.Length; i++)
        {
            if (options[i].IdleLanes > 0) return i;
        }

        return 0;
    }
}
