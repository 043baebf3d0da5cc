using EdgeAI.Devices;
using EdgeAI.OnnxRuntime;
using EdgeAI.Providers.Cpu.Probing;
using Microsoft.Extensions.Logging;

namespace EdgeAI.Providers.Cpu;

/// <summary>The CPU, run by ONNX Runtime's default execution provider.</summary>
internal sealed class CpuDevice : IDevice
{
    // Reading the files takes 0.1 to 0.2 ms; routing asks far more often than free memory changes.
    private static readonly TimeSpan _memoryFreshness = TimeSpan.FromMilliseconds(250);

    // Heat changes slowly, power and load are means over this time, and machines with many cores have many counters to read.
    private static readonly TimeSpan _stateFreshness = TimeSpan.FromSeconds(1);

    private readonly CpuFacts _facts;
    private readonly OnnxSessionSetup _setup;
    private readonly TimeProvider _time;
    private readonly Lock _reading = new();
    private long? _freeMemory;
    private long? _memoryReadAt;
    private CpuState _state;
    private long? _stateReadAt;
    private volatile bool _isDisposed;

    public CpuDevice(CpuFacts facts, CpuOptions options, ILoggerFactory? loggers, TimeProvider time)
    {
        _facts = facts;
        _time = time;
        _setup = new OnnxSessionSetup { DeviceId = facts.Info.Id, LoggerFactory = loggers };
        Info = facts.Info with { Parallelism = options.MaxParallelism ?? facts.Info.Parallelism, Versions = $"ONNX Runtime {OnnxRuntimeLibrary.ExpectedVersion}" };
    }

    public DeviceInfo Info { get; }

    public DeviceStatus GetStatus()
    {
        lock (_reading)
        {
            if (IsDue(ref _memoryReadAt, _memoryFreshness)) _freeMemory = _facts.ReadFreeMemory();
            if (IsDue(ref _stateReadAt, _stateFreshness)) _state = _facts.ReadState();
            return new()
            {
                Health = DeviceHealth.Healthy,
                FreeMemoryBytes = _freeMemory,
                TemperatureCelsius = _state.TemperatureCelsius,
                TemperatureLimitCelsius = _state.TemperatureLimitCelsius,
                PowerWatts = _state.PowerWatts,
                PowerLimitWatts = _state.PowerLimitWatts,
                IsThrottled = _state.IsThrottled,
                ClockHertz = _state.ClockHertz,
            };
        }
    }

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

    private bool IsDue(ref long? readAt, TimeSpan freshness)
    {
        if (readAt is { } before && _time.GetElapsedTime(before) < freshness) return false;
        readAt = _time.GetTimestamp();
        return true;
    }
}
