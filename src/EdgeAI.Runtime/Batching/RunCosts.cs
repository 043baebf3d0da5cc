using EdgeAI.Profiling;

namespace EdgeAI.Batching;

/// <summary>
/// What runs of one <see cref="ShapeGroup"/> cost on one group of lanes: alone, and while another lane works too. Decides how far batches are worth growing.
/// Under the scheduler's lock.
/// </summary>
internal sealed class RunCosts(IRunLanes lanes)
{
    // While nothing is measured, a batch may be twice the largest seen as long as that has paid.
    private const int LargestUnasked = 64;
    private const double WorthGrowing = 1.05;
    private const double NearlyBest = 0.97;

    private const int RunsToGrow = 50;

    // A prediction older than this does not refuse anybody: the next run tells anew.
    private static readonly long _staleAfter = TimeSpan.FromSeconds(5).Ticks;

    private readonly LatencyModel _alone = new();
    private readonly LatencyModel _crowded = new();
    private (BatchParts? Parts, int Version) _aloneParts;
    private (BatchParts? Parts, int Version) _crowdedParts;
    private int _fullRuns;
    private int _suspectRows = int.MaxValue;
    private int? _usefulRows;
    private long _seenAt = long.MinValue;
    private bool _isRecovering;

    public IRunLanes Lanes { get; } = lanes;

    public bool IsKnown => _alone.IsKnown || _crowded.IsKnown;

    /// <summary>Rows that a failed allocation has shown to be too many; <see langword="null"/> where none has.</summary>
    public int? RowLimit { get; private set; }

    /// <summary>Takes measured curves.</summary>
    /// <param name="alone">Of a run while no other lane works.</param>
    /// <param name="crowded">Of a run while the others do.</param>
    /// <param name="usefulRows">The largest useful batch by them; <see langword="null"/>: that of the lanes.</param>
    public void Replace(LatencyCurve alone, LatencyCurve crowded, int? usefulRows = null)
    {
        _usefulRows = usefulRows;
        _alone.Replace(alone);
        _crowded.Replace(crowded);
        _aloneParts = _crowdedParts = default;
    }

    /// <summary>How runs compare with the measured curve.</summary>
    public Pace PaceOf(bool isCrowded) => (isCrowded ? _crowded : _alone).Pace;

    public long Predict(int rows, bool isCrowded) => Model(isCrowded).Predict(rows);

    /// <summary>
    /// The expected duration for choosing among devices; 0 while nothing is known. Of a device that was slow when it was last seen, some time ago, the measured pace is expected again: somebody has to find out. While it is as fast as hoped, it is trusted with more.
    /// </summary>
    public long Expect(int rows, bool isCrowded, bool mayHope, long now)
    {
        var model = Model(isCrowded);
        return mayHope && model.Scale > 1 && (_isRecovering || !IsTrusted(now)) ? model.PredictAtMeasuredPace(rows) : model.Predict(rows);
    }

    public long PredictUpper(int rows, bool isCrowded) => Model(isCrowded).PredictUpper(rows);

    /// <summary>The largest batch up to <paramref name="rows"/> that was ever seen: nobody is refused for a duration that was only extrapolated.</summary>
    public int SeenUpTo(int rows) => Math.Clamp(Math.Max(_alone.LargestRows, _crowded.LargestRows), 1, rows);

    /// <summary>Whether a prediction is fresh enough to refuse a request by it.</summary>
    public bool IsTrusted(long now) => IsKnown && _seenAt != long.MinValue && now - _seenAt < _staleAfter;

    public Drift Observe(int rows, bool wasCrowded, long ticks, long now)
    {
        var model = wasCrowded ? _crowded : _alone;
        _isRecovering = model.Scale > 1 && (_isRecovering || !IsTrusted(now)) && (double)ticks * ticks < (double)model.Predict(rows) * model.PredictAtMeasuredPace(rows);
        _seenAt = now;
        if (rows >= _suspectRows) _suspectRows = int.MaxValue;
        if (RowLimit is { } limit && rows >= limit && ++_fullRuns == RunsToGrow) (RowLimit, _fullRuns) = (limit + 1, 0);
        return model.Observe(rows, ticks);
    }

    /// <summary>
    /// A run of so many rows failed for want of memory, or as if for that: smaller ones went well. A device that fails now and then does so too, so a suspicion
    /// counts when as many rows fail again before they succeed. The limit is half of them, and grows by one after fifty full batches.
    /// </summary>
    public void ReduceLimit(int failedRows, bool isCertain)
    {
        if (isCertain || failedRows >= _suspectRows)
        {
            (RowLimit, _fullRuns) = (Math.Max(1, failedRows / 2), 0);
            _suspectRows = int.MaxValue;
        }
        else
        {
            _suspectRows = failedRows;
        }
    }

    /// <summary>The largest useful batch.</summary>
    /// <param name="planned">What the lanes were measured to bear, of other shapes where this one was not; <see langword="null"/> where it has to be found out while serving.</param>
    public int MaxRows(int? planned)
    {
        var rows = _usefulRows ?? planned ?? Learn();
        return RowLimit is { } limit ? Math.Min(rows, limit) : rows;
    }

    /// <summary>Out of <paramref name="rows"/>, those to run first.</summary>
    public int BestFirst(int rows, bool isCrowded)
    {
        var model = Model(isCrowded);
        if (!model.IsKnown || model.Curve is not { } curve) return rows;
        ref var known = ref (model == _crowded ? ref _crowdedParts : ref _aloneParts);
        if (known.Parts is not { } parts || parts.Rows < Math.Min(rows, BatchParts.LargestTable) || known.Version != model.Version) known = (parts = new BatchParts(curve, rows), model.Version);
        return parts.First(rows);
    }

    private LatencyModel Model(bool isCrowded)
    {
        var (first, other) = isCrowded ? (_crowded, _alone) : (_alone, _crowded);
        return first.IsKnown ? first : other;
    }

    private int Learn()
    {
        var model = Model(isCrowded: _crowded.LargestRows > _alone.LargestRows);
        if (!model.IsKnown) return 1;
        var largest = model.LargestRows;
        if (largest < LargestUnasked && (largest == 1 || Rate(model, largest) >= WorthGrowing * Rate(model, largest / 2))) return 2 * largest;

        var best = 0.0;
        for (var rows = 1; rows <= largest; rows *= 2) best = Math.Max(best, Rate(model, rows));
        var chosen = 1;
        while (chosen < largest && Rate(model, chosen) < NearlyBest * best) chosen *= 2;
        return Math.Min(chosen, largest);
    }

    private static double Rate(LatencyModel model, int rows) => rows / (double)Math.Max(1, model.Predict(rows));
}
