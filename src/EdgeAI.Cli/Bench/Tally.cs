namespace EdgeAI.Cli.Bench;

/// <summary>What a number of queries came to. Not thread-safe: each client has its own, and they are added up.</summary>
internal sealed class Tally
{
    private readonly List<TimeSpan> _latencies = [];
    private readonly List<TimeSpan> _refusals = [];
    private readonly Dictionary<int, long> _batchSizes = [];
    private readonly Dictionary<string, long> _devices = new(StringComparer.Ordinal);

    /// <summary>Requests answered.</summary>
    public long Answered { get; private set; }

    /// <summary>Queries answered: one request each, or the samples of a multi-stream query together.</summary>
    public int Queries => _latencies.Count;

    /// <summary>Requests refused without being run.</summary>
    public long Rejected => _refusals.Count;

    /// <summary>Requests that failed.</summary>
    public long Errors { get; private set; }

    /// <summary>Why the first one failed or was refused.</summary>
    public Exception? FirstError { get; private set; }

    /// <summary>Time from the first query to the last answer.</summary>
    public TimeSpan Elapsed { get; set; }

    /// <summary>How far the sender of an open loop fell behind its schedule at most.</summary>
    public TimeSpan MaxSenderLag { get; set; }

    /// <summary>Answers per second; 0 before any.</summary>
    public double Throughput => Elapsed > TimeSpan.Zero ? Answered / Elapsed.TotalSeconds : 0;

    public IReadOnlyDictionary<int, long> BatchSizes => _batchSizes;

    public IReadOnlyDictionary<string, long> Devices => _devices;

    /// <summary>Adds a query of one request.</summary>
    public void Add(QueryResult result, TimeSpan latency) => Add([result], latency);

    /// <summary>Adds a query of several requests, which has a latency only where all are answered.</summary>
    public void Add(ReadOnlySpan<QueryResult> samples, TimeSpan latency)
    {
        var answered = 0;
        foreach (var result in samples)
        {
            if (result.Error is { } error)
            {
                if (error is RequestRejectedException) _refusals.Add(latency);
                else Errors++;
                FirstError ??= error;
                continue;
            }

            answered++;
            Count(_batchSizes, result.BatchSize, 1);
            Count(_devices, result.DeviceId!, 1);
        }

        Answered += answered;
        if (answered == samples.Length) _latencies.Add(latency);
    }

    /// <summary>Adds what another one counted, and its time where it ran after this one.</summary>
    public void Add(Tally other)
    {
        _latencies.AddRange(other._latencies);
        foreach (var (size, count) in other._batchSizes) Count(_batchSizes, size, count);
        foreach (var (device, count) in other._devices) Count(_devices, device, count);
        _refusals.AddRange(other._refusals);
        Answered += other.Answered;
        MaxSenderLag = MaxSenderLag > other.MaxSenderLag ? MaxSenderLag : other.MaxSenderLag;
        Errors += other.Errors;
        FirstError ??= other.FirstError;
        Elapsed += other.Elapsed;
    }

    /// <summary>The latencies, ascending.</summary>
    public TimeSpan[] SortLatencies() => [.. _latencies.Order()];

    /// <summary>Queries answered within a time.</summary>
    public long CountWithin(TimeSpan time) => _latencies.LongCount(latency => latency <= time);

    /// <summary>How long refused requests waited for their refusal, ascending.</summary>
    public TimeSpan[] SortRefusals() => [.. _refusals.Order()];

    private static void Count<TKey>(Dictionary<TKey, long> counts, TKey key, long count) where TKey : notnull =>
        counts[key] = counts.GetValueOrDefault(key) + count;
}
