using EdgeAI.Devices;
using EdgeAI.OnnxRuntime;
using Microsoft.Extensions.Logging;

namespace EdgeAI.Providers.Cpu;

/// <summary>The CPU, run by ONNX Runtime's default execution provider.</summary>
internal sealed class CpuDevice(DeviceInfo info, ILoggerFactory? loggers) : IDevice
{
    public DeviceInfo Info => info;

    public DeviceStatus GetStatus() => new() { Health = DeviceHealth.Healthy };

    public DeviceSupport Evaluate(ModelDescriptor model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return DeviceSupport.Full;
    }

    public ValueTask<IDeviceSession> OpenSessionAsync(ModelDescriptor model, DeviceSessionOptions options, CancellationToken cancellationToken = default) =>
        OnnxSessionFactory.OpenAsync(model, options, new OnnxSessionSetup { DeviceId = info.Id, LoggerFactory = loggers }, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
