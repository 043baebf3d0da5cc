namespace EdgeAI.Routing.Policies;

/// <summary>The device with the fewest rows running for each of its lanes; a free one before a busy one, the first of equals.</summary>
internal sealed class LeastLoadedPolicy : IRoutingPolicy
{
    public string Name => RoutingPolicyNames.LeastLoaded;

    public int Choose(ReadOnlySpan<RoutingOption> options, in RoutingQuery query)
    {
        var best = 0;
        for (var i = 1; i < options.Length; i++)
        {
            if (LoadOf(options[i]) < LoadOf(options[best])) best = i;
        }

        return best;
    }

    private static double LoadOf(in RoutingOption option) => option.IdleLanes > 0 ? (double)option.RunningRows / option.Lanes : double.MaxValue / 2 * (1 - (1.0 / (1 + option.RunningRows)));
}
