using EdgeAI.Devices;
using EdgeAI.OnnxRuntime;
using EdgeAI.Providers.Cpu.Probing;
using Microsoft.Extensions.Logging;

namespace EdgeAI.Providers.Cpu;

/// <summary>The CPU, run by ONNX Runtime's default execution provider.</summary>
internal sealed class CpuDevice : IDevice
{
    private readonly CpuFacts _facts;
    private readonly OnnxSessionSetup _setup;
    private volatile bool _isDisposed;

    private CpuDevice(CpuFacts facts, DeviceInfo info, ILoggerFactory? loggers)
    {
        _facts = facts;
        _setup = new OnnxSessionSetup { DeviceId = info.Id, LoggerFactory = loggers };
        Info = info;
    }

    public DeviceInfo Info { get; }

    public static CpuDevice Probe(CpuOptions options, ILoggerFactory? loggers)
    {
        var facts = new CpuFacts(new SystemTree(options.SystemRoot));
        return new(facts, facts.Info with { Parallelism = options.MaxParallelism ?? facts.Info.Parallelism }, loggers);
    }

    public DeviceStatus GetStatus() => new() { Health = DeviceHealth.Healthy, FreeMemoryBytes = _facts.ReadFreeMemory() };

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
}
