namespace EdgeAI.Batching;

/// <summary>
/// How many rows arrive shortly after a run ends, for each row that it answered: near 1 where clients send their next request when they have
/// an answer, near the arrival rate times the window where they do not care. Not thread-safe. Times are ticks.
/// </summary>
internal sealed class Arrivals
{
    // A run's end is followed by another's; only windows that had passed by then are learned from.
    private static readonly TimeSpan[] _windows =
    [
        TimeSpan.FromMicroseconds(25), TimeSpan.FromMicroseconds(50), TimeSpan.FromMicroseconds(100), TimeSpan.FromMicroseconds(200),
        TimeSpan.FromMicroseconds(500), TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(4),
    ];

    // About the last ten runs count.
    private const double Weight = 0.1;
    private const int MostExpected = 4096;

    private readonly double[] _perRow = new double[_windows.Length];
    private readonly int[] _counts = new int[_windows.Length];
    private long _endedAt;
    private int _answered;
    private int _arrived;
    private int _open;

    public static ReadOnlySpan<TimeSpan> Windows => _windows;

    /// <summary>A run has ended and answered so many rows.</summary>
    public void RunEnded(int rows, long now)
    {
        Close(now);

        // Who was answered a moment ago and has not come back yet is still expected.
        var outstanding = now - _endedAt < _windows[^1].Ticks ? Math.Max(0, _answered - _arrived) : 0;
        _endedAt = now;
        _answered = Math.Min(MostExpected, rows + outstanding);
        _arrived = 0;
        _open = 0;
    }

    /// <summary>Rows have arrived.</summary>
    public void Arrived(int rows, long now)
    {
        if (_answered == 0) return;
        Close(now);
        _arrived += rows;
    }

    /// <summary>Rows expected between now and the end of a window after the last run.</summary>
    public double Expect(int window, long now, out TimeSpan remaining)
    {
        remaining = TimeSpan.Zero;
        if (_answered == 0) return 0;
        var left = _windows[window].Ticks - (now - _endedAt);
        if (left <= 0) return 0;
        remaining = TimeSpan.FromTicks(left);
        return Math.Max(0, (_perRow[window] * _answered) - _arrived);
    }

    /// <summary>Learns from the windows that have passed since the last run.</summary>
    private void Close(long now)
    {
        if (_answered == 0) return;
        while (_open < _windows.Length && now - _endedAt >= _windows[_open].Ticks)
        {
            var seen = (double)_arrived / _answered;
            _perRow[_open] += _counts[_open]++ == 0 ? seen - _perRow[_open] : Weight * (seen - _perRow[_open]);
            _open++;
        }
    }
}
