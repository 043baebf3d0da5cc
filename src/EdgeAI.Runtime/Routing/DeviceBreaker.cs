namespace EdgeAI.Routing;

/// <summary>
/// Keeps requests from a device that fails for one model. It opens after three faults in a row, at half faults among the last twenty runs, or at once when the device says that it is lost; stays open for
/// half a second, twice as long each time, up to a minute; then one run is let through, and what becomes of it decides: a request's, or, where the device's answer to a made-up one is known, that
/// alone, so that a device that came back wrong is not trusted with anybody's data. Pure: times are ticks. Not thread-safe.
/// </summary>
internal sealed class DeviceBreaker
{
    private const int InARow = 3;
    private const int Window = 20;
    private const int FewestRuns = 10;
    private static readonly long _first = TimeSpan.FromMilliseconds(500).Ticks;
    private static readonly long _longest = TimeSpan.FromMinutes(1).Ticks;

    private uint _recent;
    private int _runs;
    private int _consecutive;
    private long _pause = _first;
    private long _openUntil;
    private bool _isOpen;

    /// <summary>Whether anything has gone wrong lately.</summary>
    public bool IsOpen => _isOpen;

    /// <summary>Whether a run may start.</summary>
    /// <param name="now">Ticks.</param>
    /// <param name="isWorking">Whether a run is in progress there: one at a time is let through to try.</param>
    public bool Permits(long now, bool isWorking) => !_isOpen || (!NeedsProof && now >= _openUntil && !isWorking);

    /// <summary>Whether only <see cref="Proved"/> closes it again, and no run of a request does.</summary>
    public bool NeedsProof { get; set; }

    /// <summary>Whether it is time to prove that the device is well.</summary>
    public bool IsProofDue(long now) => NeedsProof && _isOpen && now >= _openUntil;

    /// <summary>The device has given the answer that was known.</summary>
    public void Proved() => Close();

    public void Succeeded()
    {
        Remember(false);
        _consecutive = 0;
        if (!NeedsProof) Close();
    }

    /// <param name="isLost">Whether the device is gone for good, as far as it knows.</param>
    /// <param name="now">Ticks.</param>
    public void Failed(bool isLost, long now)
    {
        // It had begun before the device was given up: no trial, and nothing new.
        if (_isOpen && now < _openUntil) return;
        Remember(true);
        _consecutive++;
        var isTried = _isOpen;
        if (!isTried && !isLost && _consecutive < InARow && (_runs < FewestRuns || 2 * int.PopCount((int)_recent) < _runs)) return;
        if (!isTried && now - _openUntil > _longest) _pause = _first;
        _isOpen = true;
        _openUntil = now + _pause;
        _pause = Math.Min(_longest, 2 * _pause);
    }

    private void Close()
    {
        if (!_isOpen) return;
        _isOpen = false;
        _consecutive = 0;
        (_recent, _runs) = (0, 0);
    }

    private void Remember(bool failed)
    {
        _recent = ((_recent << 1) | (failed ? 1u : 0)) & ((1u << Window) - 1);
        _runs = Math.Min(Window, _runs + 1);
    }
}
