namespace EdgeAI.Profiling;

/// <summary>What was observed of one batch size: its point on the curve, if it has one, and the last runs as ratios to that.</summary>
internal sealed class SizeStatistics(int rows)
{
    /// <summary>Runs that are judged together.</summary>
    public const int BlockRuns = 32;

    /// <summary>Runs after which a learned point stands; until then it is the median of those there are.</summary>
    public const int LearningRuns = 9;

    private const double LargestSpread = 4;
    private readonly double[] _block = new double[BlockRuns];
    private int _inBlock;

    public int Rows { get; } = rows;

    /// <summary>The duration on the curve in ticks at scale 1; 0 while this size has no point of its own.</summary>
    public double MedianTicks { get; private set; }

    public double P95Ticks { get; private set; }

    public int Samples { get; private set; }

    public bool HasPoint => MedianTicks > 0;

    public CurvePoint Point => new(Rows, MedianTicks, P95Ticks, Samples);

    public static SizeStatistics FromProfile(CurvePoint point)
    {
        var size = new SizeStatistics(point.Rows);
        size.SetPoint(point.MedianTicks, point.P95Ticks, Math.Max(point.Samples, LearningRuns));
        return size;
    }

    /// <summary>Takes a run of a size that has no settled point. Returns whether the point was moved, which happens ever more seldom.</summary>
    public bool Learn(double ticks)
    {
        _block[_inBlock++] = ticks;
        Samples++;
        if (Samples is not (1 or 2 or 3 or 5 or LearningRuns)) return false;
        var runs = _block.AsSpan(0, _inBlock);
        SetPoint(Robust.Median<double>(runs), Robust.Percentile<double>(runs, 0.95), Samples);
        if (Samples == LearningRuns) _inBlock = 0;
        return true;
    }

    /// <summary>Takes the ratio of a run to the curve at scale 1. Returns whether a block is complete.</summary>
    public bool Add(double ratio)
    {
        if (_inBlock == BlockRuns) _inBlock = 0;
        _block[_inBlock++] = ratio;
        if (Samples < int.MaxValue) Samples++;
        return _inBlock == BlockRuns;
    }

    /// <summary>The median ratio of the complete block; <see langword="null"/> when its halves disagree, because then the pace changed meanwhile.</summary>
    public double? Judge()
    {
        ReadOnlySpan<double> halves = [Robust.Median<double>(_block.AsSpan(0, BlockRuns / 2)), Robust.Median<double>(_block.AsSpan(BlockRuns / 2))];
        return Robust.Agree(halves, 0.1) ? Robust.Median<double>(_block) : null;
    }

    /// <summary>Begins the block anew; the first runs of a learned size are kept.</summary>
    public void ForgetRuns()
    {
        if (Samples >= LearningRuns) _inBlock = 0;
    }

    /// <summary>Moves the point to <paramref name="ticks"/>, with the spread of the complete block.</summary>
    public void Correct(double ticks) => SetPoint(ticks, ticks * Robust.Percentile<double>(_block, 0.95) / Robust.Median<double>(_block), Samples);

    private void SetPoint(double ticks, double p95, int samples)
    {
        MedianTicks = ticks;
        P95Ticks = Math.Clamp(p95, ticks, LargestSpread * ticks);
        Samples = samples;
    }
}
