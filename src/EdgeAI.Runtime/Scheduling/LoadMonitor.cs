namespace EdgeAI.Scheduling;

/// <summary>How many requests are in flight, smoothed over about the last twenty arrivals, or the last tenth of a second where fewer come. Decides which group of lanes suits; switches seldom. Not thread-safe.</summary>
internal sealed class LoadMonitor
{
    private const double Weight = 0.05;

    // A load that hovers at a border must not switch with every request.
    private const double Hysteresis = 0.75;
    private static readonly long _dwell = TimeSpan.FromMilliseconds(100).Ticks;

    private static readonly double _memory = TimeSpan.FromMilliseconds(100).Ticks;

    private double _load;
    private long _seenAt;
    private long _switchedAt = long.MinValue / 2;

    /// <summary>Requests in flight when one arrives, itself included; 1 where one caller waits for each answer.</summary>
    public double Load => _load;

    public void Observe(int inFlight, long now)
    {
        // Of a model that takes long, twenty arrivals ago may be another day.
        var weight = _load == 0 ? 1 : Math.Max(Weight, 1 - Math.Exp((_seenAt - now) / _memory));
        _load += weight * (inFlight - _load);
        _seenAt = now;
    }

    /// <summary>The group to use, given the one in use.</summary>
    /// <param name="groups">Not empty.</param>
    /// <param name="current">The one in use; <see langword="null"/> where none is.</param>
    /// <param name="now">Ticks.</param>
    public LaneGroup Choose(List<LaneGroup> groups, LaneGroup? current, long now)
    {
        if (current is not null && (groups.Count == 1 || now - _switchedAt < _dwell)) return current;
        var chosen = groups[0];
        foreach (var group in groups)
        {
            if (Rank(group, current) > Rank(chosen, current)) chosen = group;
        }

        if (chosen != current) _switchedAt = now;
        return chosen;
    }

    /// <summary>The group for the highest load that is there; where there is none, the one for the lowest.</summary>
    private int Rank(LaneGroup group, LaneGroup? current)
    {
        var isAtHand = current is not null && group.MinConcurrency <= current.MinConcurrency;
        var enough = isAtHand ? Hysteresis * group.MinConcurrency : group.MinConcurrency;
        return _load >= enough ? group.MinConcurrency : -group.MinConcurrency;
    }
}
