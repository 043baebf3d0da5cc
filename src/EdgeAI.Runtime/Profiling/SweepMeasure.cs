namespace EdgeAI.Profiling;

/// <summary>The timed runs of one (plan, rows, busy lanes), in windows: one a step.</summary>
internal sealed class SweepMeasure
{
    private const int KeptOfAWindow = 128;
    private const int StableWindows = 3;
    private const double StableWithin = 0.1;
    private readonly List<long> _runs = [];
    private readonly List<double> _windows = [];

    public int Windows => _windows.Count;

    /// <summary>Whether the last three windows agree within 10 %.</summary>
    public bool IsStable => _windows.Count >= StableWindows && Robust.Agree<double>([.. _windows.TakeLast(StableWindows)], StableWithin);

    public double MedianTicks { get; private set; }

    public void Add(ReadOnlySpan<long> runTicks)
    {
        _windows.Add(Math.Max(1, Robust.Median(runTicks)));
        // An even selection of a long window, so that each counts about the same.
        var stride = 1 + ((runTicks.Length - 1) / KeptOfAWindow);
        for (var i = 0; i < runTicks.Length; i += stride) _runs.Add(Math.Max(1, runTicks[i]));
        MedianTicks = Robust.Median<long>([.. _runs]);
    }

    public CurvePoint ToPoint(int rows) => new(rows, MedianTicks, Robust.Percentile<long>([.. _runs], 0.95), _runs.Count);

    /// <summary>Drops what only served to learn how long a run takes; the estimate stays.</summary>
    public void Clear()
    {
        _runs.Clear();
        _windows.Clear();
    }
}
