using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace EdgeAI.Diagnostics;

/// <summary>The instruments of the meter <c>EdgeAI</c>. Thread-safe; costs a branch for each instrument that nobody listens to.</summary>
internal sealed class EngineTelemetry : IDisposable
{
    public const string MeterName = "EdgeAI";

    private readonly Meter _meter;
    private readonly Histogram<double> _queueDuration;
    private readonly Histogram<double> _requestDuration;
    private readonly Histogram<long> _batchSize;
    private readonly Histogram<double> _runDuration;
    private readonly UpDownCounter<long> _inFlight;
    private readonly Counter<long> _rejected;
    private readonly Histogram<double> _predictionError;

    public EngineTelemetry(IMeterFactory? meterFactory = null)
    {
        _meter = meterFactory?.Create(MeterName) ?? new Meter(MeterName);
        _queueDuration = _meter.CreateHistogram<double>("edgeai.request.queue.duration", "s", "Time from acceptance until a lane took the request.");
        _requestDuration = _meter.CreateHistogram<double>("edgeai.request.duration", "s", "Time from acceptance to the answer.");
        _batchSize = _meter.CreateHistogram<long>("edgeai.batch.size", "{request}", "Requests that shared a run.");
        _runDuration = _meter.CreateHistogram<double>("edgeai.session.run.duration", "s", "Duration of a run, copies included.");
        _inFlight = _meter.CreateUpDownCounter<long>("edgeai.device.in_flight", "{run}", "Runs in progress.");
        _rejected = _meter.CreateCounter<long>("edgeai.request.rejected", "{request}", "Requests that were refused without being run.");
        _predictionError = _meter.CreateHistogram<double>("edgeai.prediction.error", "1", "|predicted - seen| / seen of a run's duration.");
    }

    public void RunStarted(string deviceId)
    {
        if (_inFlight.Enabled) _inFlight.Add(1, Device(deviceId));
    }

    public void RunFailed(string deviceId)
    {
        if (_inFlight.Enabled) _inFlight.Add(-1, Device(deviceId));
    }

    /// <summary>A run has ended well.</summary>
    public void RunFinished(string modelId, string deviceId, int requests, TimeSpan duration, TimeSpan? predicted)
    {
        if (_inFlight.Enabled) _inFlight.Add(-1, Device(deviceId));
        if (_batchSize.Enabled) _batchSize.Record(requests, Tags(modelId, deviceId));
        if (_runDuration.Enabled) _runDuration.Record(duration.TotalSeconds, Tags(modelId, deviceId));
        if (_predictionError.Enabled && predicted is { } expected) _predictionError.Record(Math.Abs(expected / duration - 1), Tags(modelId, deviceId));
    }

    /// <summary>A request was answered.</summary>
    public void RequestFinished(string modelId, in InferenceTimings timings)
    {
        if (_queueDuration.Enabled) _queueDuration.Record(timings.Queued.TotalSeconds, Tags(modelId, timings.DeviceId));
        if (_requestDuration.Enabled) _requestDuration.Record((timings.Queued + timings.Executed).TotalSeconds, Tags(modelId, timings.DeviceId));
    }

    public void Rejected(string modelId, RejectionReason reason)
    {
        if (_rejected.Enabled) _rejected.Add(1, new TagList { { "edgeai.model", modelId }, { "edgeai.rejection.reason", Name(reason) } });
    }

    /// <summary>Has a temperature and the pools' loans read whenever somebody collects.</summary>
    public void Observe(Func<IEnumerable<Measurement<double>>> temperatures, Func<IEnumerable<Measurement<long>>> rentedBytes)
    {
        _meter.CreateObservableGauge("edgeai.device.temperature", temperatures, "Cel", "Temperature of a device.");
        _meter.CreateObservableUpDownCounter("edgeai.pool.rented_bytes", rentedBytes, "By", "Bytes of pooled memory in use.");
    }

    public void Dispose() => _meter.Dispose();

    public static KeyValuePair<string, object?> Device(string deviceId) => new("edgeai.device", deviceId);

    private static TagList Tags(string modelId, string deviceId) => new() { { "edgeai.model", modelId }, { "edgeai.device", deviceId } };

    private static string Name(RejectionReason reason) => reason switch
    {
        RejectionReason.QueueFull => "queue_full",
        RejectionReason.DeadlineInfeasible => "deadline_infeasible",
        RejectionReason.DeadlineExceeded => "deadline_exceeded",
        _ => "shutting_down",
    };
}
