using EdgeAI.Profiling;

namespace EdgeAI.Batching;

/// <summary>
/// How to cut n rows into runs that together take the least time: C(0) = 0, C(n) = min over s of l(s) + C(n - s), by dynamic programming.
/// Twelve rows may be quicker as 8 + 4. Immutable.
/// </summary>
internal sealed class BatchParts
{
    // The table takes n^2/2 steps; beyond this many rows a full batch goes first.
    private const int LargestTable = 256;

    // A cut must win this share: within it the curve's own error decides, and one run is cheaper to hand out than two.
    private const double RequiredGain = 0.98;

    private readonly int[] _first;

    public BatchParts(LatencyCurve curve, int rows)
    {
        Rows = Math.Min(LargestTable, Math.Max(64, rows));
        _first = new int[Rows + 1];
        var run = new double[Rows + 1];
        var total = new double[Rows + 1];
        for (var n = 1; n <= Rows; n++)
        {
            run[n] = curve.Predict(n);
            (total[n], _first[n]) = (run[n], n);
            for (var s = 1; s < n; s++)
            {
                var time = run[s] + total[n - s];
                if (time < RequiredGain * run[n] && time < total[n]) (total[n], _first[n]) = (time, s);
            }
        }
    }

    /// <summary>Rows that the table knows.</summary>
    public int Rows { get; }

    /// <summary>The first part of n rows.</summary>
    public int First(int rows) => rows < _first.Length ? _first[rows] : rows;
}
