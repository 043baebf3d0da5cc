namespace EdgeAI.Routing.Policies;

/// <summary>The next free device after the last one; where none is free, the next one.</summary>
internal sealed class RoundRobinPolicy : IRoutingPolicy
{
    public string Name => RoutingPolicyNames.RoundRobin;

    public int Choose(ReadOnlySpan<RoutingOption> options, in RoutingQuery query)
    {
        for (var step = 1; step <= options.Length; step++)
        {
            var next = (query.Previous + step) % options.Length;
            if (options[next].IdleLanes > 0) return next;
        }

        return (query.Previous + 1) % options.Length;
    }
}
