using EdgeAI.Devices;
using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.OnnxRuntime;

/// <summary>
/// A model loaded by ONNX Runtime. Offers the raw <see cref="InferenceSession"/> and the device's <see cref="IThreadPreparation"/> through <see cref="IServiceProvider"/>.
/// Disposing it while a binding runs is a caller's error but harmless: the native session goes with its last binding.
/// </summary>
internal sealed class OnnxSession(LoadedModel model, int threads, OnnxSessionSetup setup) : IDeviceSession, IServiceProvider
{
    private readonly CapturedGraphs? _graphs = setup.GraphCapture is { } capture ? new CapturedGraphs(model, capture, setup.LoggerFactory?.CreateLogger(OnnxRuntimeLog.Category)) : null;

    /// <summary>Each run in progress takes its own working memory, so the number is bounded: as many as a model may have lanes.</summary>
    public const int SingleThreadedConcurrency = 256;

    public ModelSignature Signature => model.Signature;

    public IDeviceMemory Memory => setup.Memory;

    // More than one intra-op thread means one pool, which concurrent runs would fight over. A session of one thread has none: it runs on its callers' threads.
    public int MaxConcurrentRuns => _graphs is not null ? 1 : setup.MaxConcurrentRuns ?? (threads == 1 ? SingleThreadedConcurrency : 1);

    public ISessionBinding CreateBinding()
    {
        var memory = setup.Memory as IOnnxDeviceMemory;
        return _graphs is null ? new OnnxSessionBinding(model, memory, setup.CaptureGate) : new CapturingBinding(model, _graphs, memory);
    }

    public object? GetService(Type serviceType) =>
        serviceType == typeof(InferenceSession) ? model.Session.Managed
        : serviceType == typeof(IThreadPreparation) ? setup.Threads
        : null;

    public ValueTask DisposeAsync()
    {
        model.Dispose();
        _graphs?.Dispose();
        (setup.Threads as IDisposable)?.Dispose();
        return ValueTask.CompletedTask;
    }
}
