namespace EdgeAI.Profiling;

/// <summary>
/// The expected duration of a batch on a device, kept true by what its runs take. A run of <c>b</c> rows is expected to take <c>curve(b) · s</c> and,
/// with a certainty of 95 %, no longer than <c>curve(b) · s · q</c>: <c>s</c> is the device's pace against the curve (it rises faster than it falls) and <c>q</c>
/// the spread around it. Without a profile the curve is learned from the traffic; with one, a size that departs from the common pace is corrected.
/// Not thread-safe: its owner locks. Predicting and observing allocate nothing, save once for each new class of sizes.
/// </summary>
internal sealed class LatencyModel
{
    private const double Fall = 0.1;
    private const double Rise = 0.3;
    // One run may at most double or halve what is expected of the next, and it takes two in three to do so.
    private const double LargestStep = 2;
    private const double OffCurve = 0.14;
    private const int PaceRuns = 32;
    // The medians of two blocks of 32 runs differ by more than this many standard deviations of a run once in 10,000 times.
    private const double BlockNoise = 1.25;
    private const double PresumedNoise = 0.15;
    private const int RunsToKnowNoise = 64;
    private const double LongestTicks = 1e17;
    private readonly SizeTable _sizes = new();
    private readonly RollingQuantile _residuals = new();
    private readonly DriftDetector _drift = new();
    private readonly double[] _recent = new double[PaceRuns];
    private double _presumedMargin = 1;
    private long _observed;
    private bool _hasProfile;
    private LatencyCurve? _curve;

    public LatencyModel(LatencyCurve? profile = null)
    {
        if (profile is null) return;
        Replace(profile);
        Version = 0;
    }

    /// <summary>Whether anything was measured or observed.</summary>
    public bool IsKnown => _sizes.Points > 0;

    /// <summary>The largest batch that was measured or seen; 0 for none.</summary>
    public int LargestRows { get; private set; }

    /// <summary>The device's pace now: 2 when runs take twice as long as the curve says.</summary>
    public double Scale { get; private set; } = 1;

    /// <summary>The factor from an expected to a nearly certain duration, 1 to 4.</summary>
    public double Margin { get; private set; } = 1;

    /// <summary>What its runs have shown since it was measured.</summary>
    public Pace Pace => new(_observed, Scale);

    /// <summary>Changes when the curve's shape does: a new or corrected point, a new profile. Not with <see cref="Scale"/>.</summary>
    public int Version { get; private set; }

    /// <summary>The profile with what was learned since, at scale 1; <see langword="null"/> while nothing is known.</summary>
    public LatencyCurve? Curve => IsKnown ? _curve ??= _sizes.ToCurve() : null;

    /// <summary>The expected duration in ticks, 1 or more; 0 while nothing is known.</summary>
    public long Predict(int rows) => IsKnown ? ToTicks(Expected(rows)) : 0;

    /// <summary>The duration at the pace that was measured, whatever the device's pace was lately; 0 while nothing is known.</summary>
    public long PredictAtMeasuredPace(int rows) => IsKnown ? ToTicks(_sizes.Evaluate(rows)) : 0;

    /// <summary>A duration in ticks that 95 % of the runs do not exceed; 0 while nothing is known.</summary>
    public long PredictUpper(int rows) => IsKnown ? ToTicks(Expected(rows) * Margin) : 0;

    /// <summary>Takes the duration of a run. Returns whether it completed a lasting change of pace.</summary>
    public Drift Observe(int rows, long ticks)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(ticks);
        LargestRows = Math.Max(LargestRows, rows);
        ticks = Math.Max(1, ticks);
        var size = _sizes.At(rows);
        if (!_hasProfile && size.Samples < SizeStatistics.LearningRuns)
        {
            Learn(size, rows, ticks);
            return Drift.None;
        }

        return Follow(size, ticks / _sizes.Evaluate(rows));
    }

    /// <summary>Takes a newly measured profile; what was learned of the old one is dropped.</summary>
    public void Replace(LatencyCurve profile)
    {
        _sizes.Load(profile);
        _residuals.Clear();
        _drift.Clear();
        _hasProfile = true;
        _observed = 0;
        Scale = 1;
        Margin = _presumedMargin = Math.Clamp(Robust.Median<double>([.. profile.Points.Select(point => point.P95Ticks / point.MedianTicks)]), 1, RollingQuantile.Largest);
        LargestRows = Math.Max(LargestRows, profile.LargestRows);
        Reshaped();
    }

    private void Learn(SizeStatistics size, int rows, long ticks)
    {
        // A size that stands for its class is told what it would have taken itself.
        var share = size.Rows == rows ? 1 : IsKnown ? _sizes.Evaluate(size.Rows) / _sizes.Evaluate(rows) : 1;
        if (size.Learn(ticks / Scale * share)) Reshaped();
    }

    private Drift Follow(SizeStatistics size, double ratio)
    {
        _residuals.Add(ratio / Scale);
        Margin = Math.Max(_residuals.Count < RunsToKnowNoise ? _presumedMargin : 1, _residuals.Value(0.95));
        var calm = Calm(ratio);
        var step = Math.Clamp(calm / Scale, 1 / LargestStep, LargestStep) - 1;
        Scale *= 1 + (step * (step > 0 ? Rise : Fall));
        var drift = _drift.Add(Math.Log(calm), Noise());
        // Runs at another pace say nothing of one size against the others.
        if (drift != Drift.None) _sizes.ForgetRuns();
        else if (size.Add(ratio) && _drift.IsCalm && size.Judge() is { } median) Correct(size, median);
        return drift;
    }

    /// <summary>The median of the last three ratios: a single pause, however long, changes nothing.</summary>
    private double Calm(double ratio)
    {
        _recent[_observed++ % PaceRuns] = ratio;
        if (_observed < 3) return Math.Min(ratio, _recent[0]);
        var (a, b) = (_recent[(_observed - 2) % PaceRuns], _recent[(_observed - 3) % PaceRuns]);
        return Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), ratio));
    }

    /// <summary>Moves the point of a size whose last runs depart from the pace of all sizes.</summary>
    private void Correct(SizeStatistics size, double median)
    {
        var departure = median / Robust.Median<double>(_recent);
        if (Math.Abs(Math.Log(departure)) < Math.Max(OffCurve, BlockNoise * Noise())) return;
        size.Correct(_sizes.Evaluate(size.Rows) * departure);
        _drift.Forget();
        Reshaped();
    }

    /// <summary>The standard deviation of a run's logarithm, from quantiles that a change of pace hardly moves.</summary>
    private double Noise()
    {
        var noise = Math.Log(_residuals.Value(0.84) / _residuals.Value(0.5));
        return _residuals.Count < RunsToKnowNoise ? Math.Max(PresumedNoise, noise) : noise;
    }

    private void Reshaped()
    {
        _sizes.Reshape();
        _curve = null;
        Version++;
    }

    private double Expected(int rows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        return _sizes.Evaluate(rows) * Scale;
    }

    private static long ToTicks(double ticks) => (long)Math.Clamp(Math.Round(ticks), 1, LongestTicks);
}
