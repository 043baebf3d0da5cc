using EdgeAI.Profiling;

namespace EdgeAI.Evaluation;

/// <summary>
/// Follows the rate of a lasting load. The ratio is the median of the last fifth over that between 10 and 30 s: what comes before is warm-up and
/// clocks that hold for seconds only. No clock: whoever runs the load reports. Not thread-safe.
/// </summary>
internal sealed class SustainedRate
{
    /// <summary>How long the load lasts.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan _from = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _to = TimeSpan.FromSeconds(30);
    private readonly List<(TimeSpan At, double Rate)> _windows = [];

    public bool IsDone => _windows.Count > 0 && _windows[^1].At >= Duration;

    /// <summary>The late rate over the early one, at most 1; <see langword="null"/> while there is none.</summary>
    public double? Ratio
    {
        get
        {
            var early = Between(_from, _to);
            var late = Between(0.8 * Duration, TimeSpan.MaxValue);
            return early.Length == 0 || late.Length == 0 ? null : Math.Min(1, Robust.Median<double>(late) / Robust.Median<double>(early));
        }
    }

    /// <summary>Takes a window of the load.</summary>
    /// <param name="at">When it ended, counted from the load's beginning.</param>
    /// <param name="runsPerSecond">Its rate.</param>
    public void Add(TimeSpan at, double runsPerSecond) => _windows.Add((at, runsPerSecond));

    private double[] Between(TimeSpan from, TimeSpan to) => [.. _windows.Where(window => window.At > from && window.At <= to).Select(window => window.Rate)];
}
