namespace EdgeAI.Providers.Cpu.Probing.Linux;

/// <summary>Judges from successive looks whether the CPU is slowed down. Counts rise once when it begins, so a rise is remembered.</summary>
internal sealed class Throttling
{
    private static readonly TimeSpan _memory = TimeSpan.FromSeconds(5);

    // An idle CPU lowers its clock by itself; a busy one keeps at least its base rate, give or take how it is measured.
    private const double Busy = 0.5;
    private const double Tolerance = 0.95;

    private long? _count;
    private TimeSpan _sinceRise = TimeSpan.MaxValue;

    /// <param name="sinceLast">Time since the last look; <see langword="null"/> at the first.</param>
    /// <param name="count">Throttling events since the start; <see langword="null"/> where not counted.</param>
    /// <param name="clock">The clock rate; <see langword="null"/> where unknown.</param>
    /// <param name="baseClock">The rate promised under load; <see langword="null"/> where unknown.</param>
    /// <param name="load">The busy share of the time since the last look; <see langword="null"/> where unknown.</param>
    /// <returns><see langword="null"/> where neither way can tell, as at the first look.</returns>
    public bool? Judge(TimeSpan? sinceLast, long? count, double? clock, double? baseClock, double? load)
    {
        var before = _count;
        _count = count;
        if (sinceLast is not { } passed) return null;

        _sinceRise = _sinceRise < TimeSpan.MaxValue - passed ? _sinceRise + passed : TimeSpan.MaxValue;
        if (count > before) _sinceRise = TimeSpan.Zero;
        var isCounted = count is not null && before is not null ? _sinceRise < _memory : (bool?)null;
        var isSlow = clock is not null && baseClock is not null && load >= Busy ? clock < Tolerance * baseClock : (bool?)null;
        return isCounted is null ? isSlow : isCounted.Value || isSlow == true;
    }
}
