namespace EdgeAI.Routing.Policies;

/// <summary>
/// The device that is predicted to need the least energy for each row, power times time, among those that are in time for the deadline and, without one, no later than four times the earliest.
/// Where no device tells its power, it is the earliest.
/// </summary>
internal sealed class EfficiencyPolicy : IRoutingPolicy
{
    private const double Patience = 4;

    private readonly EarliestFinishPolicy _earliest = new();

    public string Name => RoutingPolicyNames.Efficiency;

    public int Choose(ReadOnlySpan<RoutingOption> options, in RoutingQuery query)
    {
        var earliest = TimeSpan.MaxValue;
        foreach (ref readonly var option in options)
        {
            if (option.Finish is { } finish && finish < earliest) earliest = finish;
        }

        var latest = query.TimeToDeadline ?? (earliest == TimeSpan.MaxValue ? earliest : earliest * Patience);
        var best = -1;
        var least = double.PositiveInfinity;
        for (var i = 0; i < options.Length; i++)
        {
            if (options[i].Finish is not { } finish || finish > latest || options[i].Status.PowerWatts is not { } watts) continue;
            var energy = watts * options[i].Run!.Value.TotalSeconds / Math.Max(1, options[i].Rows);
            if (energy < least) (best, least) = (i, energy);
        }

        return best >= 0 ? best : _earliest.Choose(options, query);
    }
}
