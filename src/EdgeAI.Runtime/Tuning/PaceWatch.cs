using EdgeAI.Profiling;

namespace EdgeAI.Tuning;

/// <summary>
/// Decides when curves are measured anew: where runs keep off their curve by more than 1.3 on the same side, from one look to a later one with enough runs in between. At most once in ten
/// minutes; each time doubles that, up to a day, since what others do to the machine cannot be measured while they do not. Pure; not thread-safe.
/// </summary>
internal sealed class PaceWatch
{
    /// <summary>Time from one look to the next.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>Runs between two looks that make the second count.</summary>
    public const int EnoughRuns = 64;

    private const double Tolerance = 1.3;
    private static readonly long _firstPause = TimeSpan.FromMinutes(10).Ticks;
    private static readonly long _lastPause = TimeSpan.FromDays(1).Ticks;

    private Dictionary<object, (Side Side, long Runs)> _off = [];
    private long _notBefore = long.MinValue;
    private long _pause = _firstPause;

    private enum Side
    {
        Slower,
        Faster,
    }

    /// <summary>Takes a look. Returns whether to measure anew now.</summary>
    /// <param name="paces">Of every curve that is served by; what it is of tells it from the others.</param>
    /// <param name="now">Ticks.</param>
    public bool Look(IEnumerable<(object Of, Pace Pace)> paces, long now)
    {
        var off = new Dictionary<object, (Side Side, long Runs)>();
        var isLasting = false;
        foreach (var (of, pace) in paces)
        {
            if (SideOf(pace) is not { } side) continue;
            var isKnown = _off.TryGetValue(of, out var known) && known.Side == side && known.Runs <= pace.Runs;
            off[of] = isKnown ? known : (side, pace.Runs);
            isLasting |= isKnown && pace.Runs - known.Runs >= EnoughRuns;
        }

        _off = off;
        if (!isLasting || now < _notBefore) return false;
        _off.Clear();
        (_notBefore, _pause) = (now + _pause, Math.Min(2 * _pause, _lastPause));
        return true;
    }

    private static Side? SideOf(Pace pace) => pace.Runs == 0 ? null : pace.Scale > Tolerance ? Side.Slower : pace.Scale < 1 / Tolerance ? Side.Faster : null;
}
