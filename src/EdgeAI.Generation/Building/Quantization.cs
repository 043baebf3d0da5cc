namespace EdgeAI.Generation;

/// <summary>What all quantised matrices of a build share: threads, progress, and the sum of their errors. Used by one matrix at a time.</summary>
internal sealed class Quantization(int threads, BuildTracker tracker)
{
    private readonly Lock _adding = new();
    private WeightError _error;

    public int Threads => threads;

    public BuildTracker Tracker => tracker;

    /// <summary>Relative error so far; <see langword="null"/> where nothing was quantised.</summary>
    public double? RelativeError => _error.SquaredValue > 0 ? _error.RelativeRms : null;

    /// <summary>Adds the error of a part. Thread-safe.</summary>
    public void Add(WeightError error)
    {
        lock (_adding) _error += error;
    }
}
