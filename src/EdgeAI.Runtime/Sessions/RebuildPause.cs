namespace EdgeAI.Sessions;

/// <summary>
/// Keeps sessions from being built anew over and over: not within 10 s of the last time, and twice as long each time, up to ten minutes. Where ten minutes passed without need, the pause is 10 s again.
/// Pure: times are ticks. Not thread-safe.
/// </summary>
internal sealed class RebuildPause
{
    private static readonly long _first = TimeSpan.FromSeconds(10).Ticks;
    private static readonly long _longest = TimeSpan.FromMinutes(10).Ticks;

    private long _pause = _first;
    private long _notBefore = long.MinValue;

    /// <summary>Whether it may be done now.</summary>
    public bool IsOver(long now) => now >= _notBefore;

    /// <summary>It was done, or tried.</summary>
    public void Begin(long now)
    {
        if (_notBefore != long.MinValue && now - _notBefore > _longest) _pause = _first;
        _notBefore = now + _pause;
        _pause = Math.Min(_longest, 2 * _pause);
    }
}
