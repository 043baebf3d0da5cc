namespace EdgeAI.Benchmarks.Serving;

/// <summary>What one client, or all of them, saw.</summary>
internal sealed class LoadFigures
{
    /// <summary>Requests answered in the measured time.</summary>
    public long Items { get; set; }

    /// <summary>The measured time.</summary>
    public double Seconds { get; set; }

    /// <summary>From request to answer, in microseconds.</summary>
    public List<double> Latencies { get; } = [];

    /// <summary>Requests by the size of the batch they ran in.</summary>
    public SortedDictionary<int, long> BatchSizes { get; } = [];

    /// <summary>What the runs were predicted to take and took; a run of several requests counts for each, see <see cref="RoutingRecord"/>.</summary>
    public List<RoutingRecord> Runs { get; } = [];

    public double ItemsPerSecond => Items / Seconds;

    public double Percentile(double percent) => Statistics.Percentile(Latencies, percent);

    public void Count(int batchSize, long requests = 1) => BatchSizes[batchSize] = BatchSizes.GetValueOrDefault(batchSize) + requests;

    /// <summary>Adds what another client saw in the same time, or what all saw in another.</summary>
    public void Add(LoadFigures other)
    {
        Items += other.Items;
        Latencies.AddRange(other.Latencies);
        Runs.AddRange(other.Runs);
        foreach (var (size, requests) in other.BatchSizes) Count(size, requests);
    }
}
