namespace EdgeAI.Profiling;

/// <summary>
/// Tells a lasting change of pace from noise: a two-sided cumulative sum (Page 1954) of the logarithm of observed over expected duration.
/// After a change it waits until the new level is known and watches for a departure from that, so each change is told once, also the way back.
/// </summary>
internal sealed class DriftDetector
{
    private const double MinSlack = 0.05;
    private const double MinThreshold = 1.0;
    // A step counts at most this much: four to five runs in a row are needed, however far off they are.
    private const double LargestStep = 0.3;
    private const int SettleRuns = 16;
    private readonly double[] _recent = new double[SettleRuns];
    private double _level;
    private double _slower;
    private double _faster;
    private int _settled = SettleRuns;

    /// <summary>Whether the pace is known: no change is under way.</summary>
    public bool IsCalm { get; private set; } = true;

    /// <summary>Takes one ratio and says whether it completed a change.</summary>
    /// <param name="logRatio">The natural logarithm of observed over profiled duration.</param>
    /// <param name="sigma">The standard deviation of that logarithm in calm times; a noisy device needs more evidence.</param>
    public Drift Add(double logRatio, double sigma)
    {
        if (_settled < SettleRuns)
        {
            _recent[_settled++] = logRatio;
            if (_settled == SettleRuns)
            {
                _level = Robust.Median<double>(_recent);
                IsCalm = true;
            }

            return Drift.None;
        }

        var slack = Math.Max(MinSlack, 0.75 * sigma);
        var threshold = Math.Max(MinThreshold, 10 * sigma);
        var largest = Math.Max(LargestStep, 2 * sigma);
        var step = Math.Clamp(logRatio - _level, -largest, largest);
        _slower = Math.Max(0, _slower + step - slack);
        _faster = Math.Max(0, _faster - step - slack);
        IsCalm = Math.Max(_slower, _faster) < threshold / 2;
        if (_slower <= threshold && _faster <= threshold) return Drift.None;
        var drift = _slower > threshold ? Drift.Slower : Drift.Faster;
        Forget();
        _settled = 0;
        return drift;
    }

    /// <summary>Drops the evidence so far, because what was expected has changed.</summary>
    public void Forget() => _slower = _faster = 0;

    /// <summary>Starts anew at the level of the profile.</summary>
    public void Clear()
    {
        Forget();
        _level = 0;
        IsCalm = true;
        _settled = SettleRuns;
    }
}
