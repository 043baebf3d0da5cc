using EdgeAI.Devices;
using EdgeAI.OnnxRuntime;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EdgeAI.Providers.Cpu;

/// <summary>Finds the CPU: always one device, <c>cpu:0</c>, where the native library is there.</summary>
public sealed class CpuDeviceProvider : IDeviceProvider
{
    /// <summary>The provider's name.</summary>
    public const string ProviderName = "cpu";

    /// <summary>The identifier of its only device.</summary>
    public const string DeviceId = "cpu:0";

    private readonly Lazy<CpuDevice> _device;

    /// <summary>Creates the provider; nothing is probed yet.</summary>
    /// <param name="options">How the CPU is found.</param>
    /// <param name="loggers">Where ONNX Runtime's log goes; <see langword="null"/>: nowhere.</param>
    public CpuDeviceProvider(IOptions<CpuOptions> options, ILoggerFactory? loggers = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        _device = new(() => new CpuDevice(new DeviceInfo(DeviceId, ProviderName, DeviceKind.Cpu, "CPU") { Parallelism = options.Value.MaxParallelism ?? Environment.ProcessorCount }, loggers));
    }

    /// <inheritdoc/>
    public string Name => ProviderName;

    /// <inheritdoc/>
    public ValueTask<DeviceDiscovery> DiscoverAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var library = OnnxRuntimeLibrary.Check();
        return ValueTask.FromResult(library.Ok ? DeviceDiscovery.Found(_device.Value) : DeviceDiscovery.None(library.ToString()));
    }
}
