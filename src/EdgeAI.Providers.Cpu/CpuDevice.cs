using EdgeAI.Devices;
using EdgeAI.OnnxRuntime;
using EdgeAI.Providers.Cpu.Probing;
using Microsoft.Extensions.Logging;

namespace EdgeAI.Providers.Cpu;

/// <summary>The CPU, run by ONNX Runtime's default execution provider.</summary>
internal sealed class CpuDevice : IDevice
{
    // Reading the files takes 0.1 to 0.2 ms; routing asks far more often than free memory changes.
    private static readonly TimeSpan _freshness = TimeSpan.FromMilliseconds(250);

    private readonly CpuFacts _facts;
    private readonly OnnxSessionSetup _setup;
    private readonly TimeProvider _time;
    private readonly Lock _reading = new();
    private long? _freeMemory;
    private long? _readAt;
    private volatile bool _isDisposed;

    public CpuDevice(CpuFacts facts, CpuOptions options, ILoggerFactory? loggers, TimeProvider time)
    {
        _facts = facts;
        _time = time;
        _setup = new OnnxSessionSetup { DeviceId = facts.Info.Id, LoggerFactory = loggers };
        Info = facts.Info with { Parallelism = options.MaxParallelism ?? facts.Info.Parallelism, Versions = $"ONNX Runtime {OnnxRuntimeLibrary.ExpectedVersion}" };
    }

    public DeviceInfo Info { get; }

    public DeviceStatus GetStatus() => new() { Health = DeviceHealth.Healthy, FreeMemoryBytes = ReadFreeMemory() };

    public DeviceSupport Evaluate(ModelDescriptor model) => OnnxOperatorSupport.Evaluate(model);

    public ValueTask<IDeviceSession> OpenSessionAsync(ModelDescriptor model, DeviceSessionOptions options, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return OnnxSessionFactory.OpenAsync(model, options, _setup, cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        _isDisposed = true;
        return ValueTask.CompletedTask;
    }

    private long? ReadFreeMemory()
    {
        lock (_reading)
        {
            if (_readAt is null || _time.GetElapsedTime(_readAt.Value) >= _freshness)
            {
                _freeMemory = _facts.ReadFreeMemory();
                _readAt = _time.GetTimestamp();
            }

            return _freeMemory;
        }
    }
}
