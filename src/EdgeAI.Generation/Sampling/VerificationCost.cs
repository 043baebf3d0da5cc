namespace EdgeAI.Generation;

/// <summary>
/// What a step with so many rows of one sequence takes beside a step with one, learnt from the steps that are made. One for a loaded model, used by its worker; not thread-safe.
/// </summary>
internal sealed class VerificationCost
{
    // Until it is measured: MatMulNBits on 2 cores gave 42, 76, 112 and 133 rows a second with 1, 2, 4 and 8 rows of block 32, so each further row costs about a fifth of the first.
    private const double FurtherRow = 0.2;

    // About the last ten steps count, and one that was held up by something else counts as twice the usual.
    private const double Weight = 0.1;
    private const double MostDeviation = 2;

    // A longer context slows all steps: what others are compared with must not grow old.
    private const int ReferenceLifetime = 100;

    private readonly double[] _seconds;
    private int _sinceReference;

    /// <param name="maxRows">Most rows of a step: the token before and the drafts.</param>
    public VerificationCost(int maxRows) => _seconds = new double[maxRows + 1];

    public int MaxRows => _seconds.Length - 1;

    /// <summary>Whether the next step should have one row, for the others to be compared with.</summary>
    public bool NeedsReference => _seconds[1] == 0 || _sinceReference >= ReferenceLifetime;

    /// <summary>A step of one sequence was made.</summary>
    public void Observe(int rows, TimeSpan duration)
    {
        _sinceReference = rows == 1 ? 0 : _sinceReference + 1;
        if (rows > MaxRows) return;
        ref var seconds = ref _seconds[rows];
        seconds = seconds == 0 ? duration.TotalSeconds : seconds + (Weight * (Math.Min(duration.TotalSeconds, MostDeviation * seconds) - seconds));
    }

    /// <summary>What a step takes, as a multiple of one with one row. 1 or more, and never less with more rows.</summary>
    public double Relative(int rows)
    {
        var one = Seconds(1);
        return one == 0 ? Assumed(rows) : Math.Max(1, Seconds(rows) / one);
    }

    /// <summary>Measured, else in proportion to its nearest measured neighbours; 0 while nothing is measured.</summary>
    private double Seconds(int rows)
    {
        if (_seconds[rows] > 0) return _seconds[rows];
        var (below, above) = (rows - 1, rows + 1);
        while (below > 0 && _seconds[below] == 0) below--;
        while (above <= MaxRows && _seconds[above] == 0) above++;
        if (below > 0 && above <= MaxRows) return _seconds[below] + ((_seconds[above] - _seconds[below]) * (rows - below) / (above - below));
        if (below > 0) return _seconds[below] * Assumed(rows) / Assumed(below);
        return above <= MaxRows ? _seconds[above] * Assumed(rows) / Assumed(above) : 0;
    }

    private static double Assumed(int rows) => 1 + (FurtherRow * (rows - 1));
}
