namespace EdgeAI.Benchmarks.Serving;

/// <summary>What became of requests that arrived by themselves. Times are microseconds.</summary>
internal sealed class OpenFigures
{
    /// <summary>Arrivals.</summary>
    public int Offered { get; init; }

    /// <summary>From the first arrival to the last, or to the last answer, whichever is later.</summary>
    public double Seconds { get; init; }

    /// <summary>Time that the sender itself took for the arrivals: longer than planned where it could not keep up.</summary>
    public double SendingSeconds { get; init; }

    /// <summary>From the planned arrival to the answer, of those that were answered.</summary>
    public List<double> Latencies { get; } = [];

    /// <summary>Of those: answered within the deadline, counted from the call.</summary>
    public int InTime { get; set; }

    /// <summary>From the call to the refusal, of requests refused on arrival.</summary>
    public List<double> Refusals { get; } = [];

    /// <summary>Requests that were accepted and given up while they waited.</summary>
    public int GivenUp { get; set; }

    /// <summary>Sizes of the batches that the answered ones ran in, summed.</summary>
    public long BatchSizes { get; set; }

    public double MeanBatch => (double)BatchSizes / Latencies.Count;

    public double Mean => Latencies.Count == 0 ? double.NaN : Latencies.Average();

    public double Goodput => InTime / Seconds;

    public double Percentile(double percent) => Statistics.Percentile(Latencies, percent);
}
