using EdgeAI.Profiling;

namespace EdgeAI.Evaluation;

/// <summary>The windows of runs of one point, and whether more are needed. No clock: whoever times reports. Not thread-safe.</summary>
/// <param name="rules">When enough has been timed.</param>
internal sealed class SampleSeries(SamplingRules rules)
{
    private const int Agreeing = 3;
    private const int MostRuns = 100_000;
    private readonly List<double> _windows = [];
    private int _seen;

    /// <summary>How many runs make the next window: as many as are expected to fill it.</summary>
    public int RunsOfNextWindow => _seen == 0 ? 1 : (int)Math.Clamp(Math.Ceiling(rules.Window.TotalSeconds / Latest), 1, MostRuns);

    /// <summary>Whether the last three windows agree.</summary>
    public bool IsSettled => _windows.Count >= rules.LeastWindows && Robust.Agree<double>([.. _windows.TakeLast(Agreeing)], rules.Tolerance);

    /// <summary>Whether no more windows are to be timed.</summary>
    public bool IsDone => IsSettled || _windows.Count >= rules.MostWindows;

    public bool HasResult => _windows.Count > 0;

    /// <summary>Seconds a run: the middle one of the windows.</summary>
    public double Median => Robust.Median<double>([.. _windows]);

    /// <summary>Seconds a run that a quarter of the windows do not exceed: other work on the machine only ever makes windows longer.</summary>
    public double Typical => Robust.Percentile<double>([.. _windows], 0.25);

    /// <summary>Seconds a run: the quickest of the windows.</summary>
    public double Best => _windows.Min();

    private double Latest { get; set; }

    /// <summary>Takes the duration of a window. The first, which meets cold caches and says how many runs the next one needs, does not count.</summary>
    public void Add(int runs, TimeSpan duration)
    {
        Latest = Math.Max(duration.TotalSeconds / runs, 1e-9);
        if (_seen++ > 0) _windows.Add(Latest);
    }
}
