using System.Collections.Concurrent;
using EdgeAI.Diagnostics;
using EdgeAI.Scheduling;

namespace EdgeAI.Requests;

/// <summary>Makes and reuses the request objects of one model. Thread-safe.</summary>
internal sealed class InferenceWorkPool(string modelId, ModelSignature signature, SchedulerDriver driver, EngineTelemetry telemetry, int maxSpare)
{
    private readonly ConcurrentQueue<InferenceWork> _spare = new();

    public string ModelId { get; } = modelId;

    public SchedulerDriver Driver { get; } = driver;

    public EngineTelemetry Telemetry { get; } = telemetry;

    public InferenceWork Rent() => _spare.TryDequeue(out var work) ? work : new InferenceWork(this, signature);

    /// <summary>Takes an object back that nobody can see any more.</summary>
    public void Return(InferenceWork work)
    {
        // More spares than requests that can wait are of no use.
        if (_spare.Count < maxSpare) _spare.Enqueue(work);
    }
}
