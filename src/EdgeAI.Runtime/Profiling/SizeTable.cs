using System.Numerics;

namespace EdgeAI.Profiling;

/// <summary>
/// The statistics of the batch sizes that occur, by ascending size: sizes up to 16 each for itself, larger ones by half octaves, so that their number is
/// bounded whatever the traffic. A size stands for the first one of its class that came.
/// </summary>
internal sealed class SizeTable
{
    private const int Exact = 16;
    private const int Classes = 32;
    private readonly List<SizeStatistics> _sizes = new(Classes);
    private int[] _rows = [];
    private double[] _ticks = [];
    private int _points;

    public int Points => _points;

    public void Load(LatencyCurve curve)
    {
        _sizes.Clear();
        _sizes.AddRange(curve.Points.Select(SizeStatistics.FromProfile));
        Reshape();
    }

    /// <summary>The entry for <paramref name="rows"/>, made when its class is new: the only allocation, at most once a class.</summary>
    public SizeStatistics At(int rows)
    {
        var wanted = ClassOf(rows);
        SizeStatistics? nearest = null;
        var insertAt = 0;
        foreach (var size in _sizes)
        {
            if (size.Rows < rows) insertAt++;
            if (ClassOf(size.Rows) == wanted && (nearest is null || Math.Abs(size.Rows - rows) < Math.Abs(nearest.Rows - rows))) nearest = size;
        }

        if (nearest is not null) return nearest;
        var made = new SizeStatistics(rows);
        _sizes.Insert(insertAt, made);
        return made;
    }

    /// <summary>The duration of <paramref name="rows"/> rows in ticks at scale 1; there must be a point.</summary>
    public double Evaluate(int rows) => PiecewiseLinear.Evaluate(_rows.AsSpan(0, _points), _ticks.AsSpan(0, _points), rows);

    /// <summary>Begins the blocks of runs of all sizes anew.</summary>
    public void ForgetRuns()
    {
        foreach (var size in _sizes) size.ForgetRuns();
    }

    /// <summary>Takes over points that were added or moved.</summary>
    public void Reshape()
    {
        if (_rows.Length < _sizes.Count)
        {
            var capacity = Math.Max(_sizes.Count, Math.Min(_sizes.Count * 2, Classes));
            _rows = new int[capacity];
            _ticks = new double[capacity];
        }

        _points = 0;
        foreach (var size in _sizes)
        {
            if (!size.HasPoint) continue;
            _rows[_points] = size.Rows;
            _ticks[_points++] = size.MedianTicks;
        }
    }

    public LatencyCurve ToCurve() => LatencyCurve.Create(_sizes.Where(size => size.HasPoint).Select(size => size.Point));

    private static int ClassOf(int rows)
    {
        if (rows <= Exact) return rows;
        var octave = BitOperations.Log2((uint)rows - 1);
        var upper = rows > 3L << (octave - 1) ? 2 : 1;
        return Math.Min(Classes, Exact + (2 * (octave - 4)) + upper);
    }
}
