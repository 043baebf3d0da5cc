using EdgeAI.Devices;
using EdgeAI.OnnxRuntime;
using EdgeAI.Providers.Cpu.Probing;
using EdgeAI.Providers.Cpu.Probing.Linux;
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

    private readonly CpuOptions _options;
    private readonly ILoggerFactory? _loggers;
    private readonly TimeProvider _time;
    private readonly Func<OnnxRuntimeLibraryCheck> _check;
    private readonly Lock _probing = new();
    private CpuDevice? _device;

    /// <summary>Creates the provider; nothing is probed yet.</summary>
    /// <param name="options">How the CPU is found.</param>
    /// <param name="loggers">Where ONNX Runtime's log goes; <see langword="null"/>: where it went before.</param>
    /// <param name="time">Ages what was read of the device's state; <see langword="null"/>: the system's time.</param>
    /// <exception cref="OptionsValidationException">The options are invalid: names every problem.</exception>
    public CpuDeviceProvider(IOptions<CpuOptions> options, ILoggerFactory? loggers = null, TimeProvider? time = null)
        : this(options?.Value ?? throw new ArgumentNullException(nameof(options)), loggers, time, OnnxRuntimeLibrary.Check)
    {
    }

    internal CpuDeviceProvider(CpuOptions options, ILoggerFactory? loggers, TimeProvider? time, Func<OnnxRuntimeLibraryCheck> check)
    {
        _options = options;
        _loggers = loggers;
        _time = time ?? TimeProvider.System;
        _check = check;
    }

    /// <inheritdoc/>
    public string Name => ProviderName;

    /// <inheritdoc/>
    public ValueTask<DeviceDiscovery> DiscoverAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var library = _check();
        if (!library.Ok) return ValueTask.FromResult(DeviceDiscovery.None(library.ToString()));

        var device = GetDevice();
        return ValueTask.FromResult(new DeviceDiscovery([device], CpuRemarks.Of(device.Info)));
    }

    private CpuDevice GetDevice()
    {
        lock (_probing) return _device ??= new CpuDevice(new CpuFacts(new SystemTree(_options.SystemRoot), _time), _options, _loggers, _time);
    }
}
