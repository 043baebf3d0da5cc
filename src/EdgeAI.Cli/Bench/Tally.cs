namespace EdgeAI.Cli.Bench;

/// <summary>What a number of queries came to. Not thread-safe: each client has its own, and they are added up.</summary>
internal sealed class Tally
{
    private readonly List<TimeSpan> _latencies = [];
    private readonly Dictionary<int, long> _batchSizes = [];
    private readonly Dictionary<string, long> _devices = new(StringComparer.Ordinal);

    /// <summary>Queries answered.</summary>
    public int Answered => _latencies.Count;

    /// <summary>Queries refused without being run.</summary>
    public long Rejected { get; private set; }

    /// <summary>Queries that failed.</summary>
    public long Errors { get; private set; }

    /// <summary>Why the first one failed or was refused.</summary>
    public Exception? FirstError { get; private set; }

    /// <summary>Time from the first query to the last answer.</summary>
    public TimeSpan Elapsed { get; set; }

    /// <summary>Answers per second; 0 before any.</summary>
    public double Throughput => Elapsed > TimeSpan.Zero ? Answered / Elapsed.TotalSeconds : 0;

    public IReadOnlyDictionary<int, long> BatchSizes => _batchSizes;

    public IReadOnlyDictionary<string, long> Devices => _devices;

    public void Add(QueryResult result, TimeSpan latency)
    {
        if (result.Error is { } error)
        {
            if (error is RequestRejectedException) Rejected++;
            else Errors++;
            FirstError ??= error;
            return;
        }

        _latencies.Add(latency);
        Count(_batchSizes, result.BatchSize, 1);
        Count(_devices, result.DeviceId!, 1);
    }

    /// <summary>Adds what another one counted, and its time where it ran after this one.</summary>
    public void Add(Tally other)
    {
        _latencies.AddRange(other._latencies);
        foreach (var (size, count) in other._batchSizes) Count(_batchSizes, size, count);
        foreach (var (device, count) in other._devices) Count(_devices, device, count);
        Rejected += other.Rejected;
        Errors += other.Errors;
        FirstError ??= other.FirstError;
        Elapsed += other.Elapsed;
    }

    /// <summary>The latencies, ascending.</summary>
    public TimeSpan[] SortLatencies() => [.. _latencies.Order()];

    private static void Count<TKey>(Dictionary<TKey, long> counts, TKey key, long count) where TKey : notnull =>
        counts[key] = counts.GetValueOrDefault(key) + count;
}
