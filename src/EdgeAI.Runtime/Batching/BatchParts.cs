using EdgeAI.Profiling;

namespace EdgeAI.Batching;

/// <summary>
/// How to cut n rows into runs. The least time that all of them take is C(0) = 0, C(n) = min over s of l(s) + C(n - s), by dynamic programming. Of the first parts that keep within 6 % of it, the one
/// that runs the most rows a second: what is left over shares its run with those who come meanwhile. Ten rows of a kernel that works on tiles of eight go as 8 + 2, though one run would end a little
/// sooner. Immutable.
/// </summary>
internal sealed class BatchParts
{
    /// <summary>The most rows that a table is made for, in n^2 steps; of more, all go at once.</summary>
    public const int LargestTable = 256;

    private const double LongestTime = 1.06;

    // A cut must win this share: within it the curve's own error decides, and one run is cheaper to hand out than two.
    private const double RequiredGain = 0.98;

    private readonly int[] _first;

    public BatchParts(LatencyCurve curve, int rows)
    {
        Rows = Math.Min(LargestTable, Math.Max(64, rows));
        _first = new int[Rows + 1];
        var run = new double[Rows + 1];
        var least = new double[Rows + 1];
        var total = new double[Rows + 1];
        for (var n = 1; n <= Rows; n++)
        {
            least[n] = run[n] = curve.Predict(n);
            for (var s = 1; s < n; s++) least[n] = Math.Min(least[n], run[s] + least[n - s]);

            // Larger ones first: a smaller one must win.
            var best = 0.0;
            for (var s = n; s > 0; s--)
            {
                var time = run[s] + total[n - s];
                if (time > LongestTime * least[n] || RequiredGain * s / run[s] <= best) continue;
                (best, total[n], _first[n]) = (s / run[s], time, s);
            }
        }
    }

    /// <summary>Rows that the table knows.</summary>
    public int Rows { get; }

    /// <summary>The first part of n rows.</summary>
    public int First(int rows) => rows < _first.Length ? _first[rows] : rows;
}
