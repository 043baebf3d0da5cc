using System.Runtime.CompilerServices;
using EdgeAI.Devices;
using EdgeAI.OnnxRuntime;
using EdgeAI.Providers.Cuda.Libraries;
using EdgeAI.Providers.Cuda.Probing;
using EdgeAI.Providers.Cuda.Sessions;
using Microsoft.Extensions.Logging;

namespace EdgeAI.Providers.Cuda;

/// <summary>One NVIDIA GPU, run by ONNX Runtime's CUDA execution provider.</summary>
internal sealed class CudaDevice : IDevice
{
    // The driver's answers take microseconds to milliseconds; routing asks far more often than temperatures change.
    private static readonly TimeSpan _freshness = TimeSpan.FromMilliseconds(250);

    private readonly Gpu _gpu;
    private readonly CudaSessionOpener _opener;
    private readonly bool _isStrict;
    private readonly TimeProvider _time;
    private readonly Lock _reading = new();

    // What opening a model found: whether nodes of it stay on the CPU is known only then.
    private readonly ConditionalWeakTable<ModelDescriptor, StrongBox<Fallback?>> _fallbacks = [];
    private DeviceStatus _status;
    private long? _readAt;
    private volatile string? _lost;
    private volatile bool _isDisposed;

    public CudaDevice(Gpu gpu, string driverVersions, ProviderSetup provider, CudaOptions options, ILoggerFactory? loggers, TimeProvider time)
    {
        _gpu = gpu;
        _opener = new CudaSessionOpener(gpu, provider, options, loggers);
        _isStrict = options.Strict;
        _time = time;
        var library = provider.Kind == ProviderKind.BuiltIn ? "built-in CUDA provider" : Path.GetFileName(provider.Library)!;
        Info = gpu.Info with { Versions = $"ONNX Runtime {OnnxRuntimeLibrary.ExpectedVersion}, {library}{(driverVersions.Length > 0 ? ", " : "")}{driverVersions}" };
    }

    public DeviceInfo Info { get; }

    public DeviceStatus GetStatus()
    {
        lock (_reading)
        {
            if (_readAt is null || _time.GetElapsedTime(_readAt.Value) >= _freshness)
            {
                _status = _gpu.ReadStatus();
                _readAt = _time.GetTimestamp();
            }

            return _lost is null ? _status : _status with { Health = DeviceHealth.Failed };
        }
    }

    public DeviceSupport Evaluate(ModelDescriptor model)
    {
        var support = OnnxOperatorSupport.Evaluate(model);
        if (support.Level == DeviceSupportLevel.None) return support;
        if (!_fallbacks.TryGetValue(model, out var found))
        {
            return _isStrict ? DeviceSupport.Full : DeviceSupport.Partial("operators without a CUDA kernel run on the CPU inside the session, because CudaOptions.Strict is off; which, only loading tells");
        }

        var fallback = found.Value;
        return fallback is null ? DeviceSupport.Full : _isStrict ? DeviceSupport.None(fallback.ToString()) with { UnknownOperator = fallback.Operators[0] } : DeviceSupport.Partial(fallback.ToString());
    }

    public ValueTask<IDeviceSession> OpenSessionAsync(ModelDescriptor model, DeviceSessionOptions options, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentNullException.ThrowIfNull(model);
        if (_lost is { } reason) throw new DeviceFaultException(Info.Id, $"{model.Id}: {Info.Id} failed earlier and cannot be used by this process any more ({reason}); restart the process.");
        return _opener.OpenAsync(model, options, nodes => Inspect(model, nodes), FindFault, cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        _isDisposed = true;
        _opener.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Remembers where a model's nodes went, and refuses a silent fallback.</summary>
    internal void Inspect(ModelDescriptor model, IReadOnlyList<OnnxNodeAssignment> nodes)
    {
        var fallback = FallbackJudge.Find(nodes);
        _fallbacks.AddOrUpdate(model, new StrongBox<Fallback?>(fallback));
        if (fallback is not null && _isStrict)
        {
            throw new ModelLoadException($"{Info.Id} refuses the model: {fallback}; set CudaOptions.Strict to false to run it all the same, or run it on the CPU.", model.Id) { UnknownOperator = fallback.Operators[0] };
        }
    }

    /// <summary>Judges an error; one that leaves the process without the GPU takes the device out of service.</summary>
    internal Exception? FindFault(string message)
    {
        switch (CudaFaults.Judge(message))
        {
            case CudaFault.OutOfMemory: return new InsufficientMemoryException(message);
            case CudaFault.Lost:
                _lost = message;
                return new InvalidOperationException($"The CUDA context is lost: {message}");
            default: return LoaderMessage.FindOldDriver(message) is { } advice ? new InvalidOperationException(advice) : null;
        }
    }
}
