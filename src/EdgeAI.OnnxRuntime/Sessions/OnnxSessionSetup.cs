using EdgeAI.Devices;
using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.OnnxRuntime;

/// <summary>What a device provider adds to a session. Immutable.</summary>
public sealed record OnnxSessionSetup
{
    /// <summary>The default of <see cref="SpinDuration"/>.</summary>
    /// <remarks>
    /// Bounding the spin costs nothing where the cores are free and helps where they are not (SqueezeNet, 2 threads on 2 busy cores: best latency 2.4 ms with and
    /// without the bound, processor time per run 5.6 ms instead of 6.6 to 8.3; without any spinning the second thread came too late to help: 3.6 ms).
    /// </remarks>
    public static TimeSpan DefaultSpinDuration { get; } = TimeSpan.FromMicroseconds(500);

    /// <summary>The device, named in errors.</summary>
    public required string DeviceId { get; init; }

    /// <summary>Appends execution providers or sets options, after the defaults and before the caller's raw settings; <see langword="null"/>: the CPU only.</summary>
    public Action<SessionOptions>? Configure { get; init; }

    /// <summary>
    /// Looks at where ONNX Runtime put each node, before the session is handed out; what it throws is what opening throws. Recording costs a little at load.
    /// <see langword="null"/>: not asked.
    /// </summary>
    public Action<IReadOnlyList<OnnxNodeAssignment>>? InspectAssignments { get; init; }

    /// <summary>
    /// Finds in ONNX Runtime's text the reason why the device failed: the inner exception of the <see cref="DeviceFaultException"/>, an
    /// <see cref="OutOfMemoryException"/> where memory was exhausted. <see langword="null"/> from it, or in its place: ONNX Runtime's usual words decide.
    /// Called on the thread that runs; thread-safe.
    /// </summary>
    public Func<string, Exception?>? FindDeviceFault { get; init; }

    /// <summary>The most bindings that may run at the same time, 1 or more; <see langword="null"/>: by the number of threads.</summary>
    public int? MaxConcurrentRuns { get; init; }

    /// <summary>What native code uses as long as the session lives: opening takes it over and disposes it after the native session, or when opening fails.</summary>
    public IDisposable? Owned { get; init; }

    /// <summary>How long worker threads look for more work before they sleep, 0 to 1 s; 0: they sleep at once. Default: 500 µs.</summary>
    public TimeSpan SpinDuration { get; init; } = DefaultSpinDuration;

    /// <summary>Readies the threads that run the session's bindings: what the session answers when asked for it, and disposes with itself where it can be. Default: none.</summary>
    public IThreadPreparation? Threads { get; init; }

    /// <summary>Called on the thread that loads, before it does; what it returns is disposed on that thread afterwards. Default: none.</summary>
    public Func<IDisposable?>? EnterLoading { get; init; }

    /// <summary>
    /// Where the session's tensors live. Default: host memory, which ONNX Runtime copies to and from the device by itself. Tensors in an
    /// <see cref="IOnnxDeviceMemory"/> are not copied.
    /// </summary>
    public IDeviceMemory Memory { get; init; } = HostMemory.Shared;

    /// <summary>
    /// Has runs captured as graphs and replayed; <see cref="Configure"/> must enable that in the execution provider. Opening throws
    /// <see cref="OnnxGraphCaptureException"/> where the model does not suit. <see langword="null"/> (default): they are not.
    /// </summary>
    public OnnxGraphCapture? GraphCapture { get; init; }

    /// <summary>For a session that captures no graphs on a GPU where others do: their gate. <see langword="null"/> (default): no other does.</summary>
    public OnnxCaptureGate? CaptureGate { get; init; }

    /// <summary>Where ONNX Runtime's log goes from now on, for the whole process; <see langword="null"/>: as before.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }
}
