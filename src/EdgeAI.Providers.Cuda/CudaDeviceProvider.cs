using System.Runtime.InteropServices;
using EdgeAI.Devices;
using EdgeAI.Providers.Cuda.Libraries;
using EdgeAI.Providers.Cuda.Probing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace EdgeAI.Providers.Cuda;

/// <summary>Finds the NVIDIA GPUs <c>cuda:0</c>, <c>cuda:1</c> and so on, in the CUDA driver's order. Without a GPU, driver or execution provider there are none, with the reason.</summary>
public sealed class CudaDeviceProvider : IDeviceProvider
{
    /// <summary>The provider's name.</summary>
    public const string ProviderName = "cuda";

    private readonly CudaOptions _options;
    private readonly ILoggerFactory? _loggers;
    private readonly TimeProvider _time;
    private readonly Func<GpuDiscovery> _probe;
    private readonly Func<ProviderSetup> _prepare;
    private readonly Lock _probing = new();
    private DeviceDiscovery? _found;

    /// <summary>Creates the provider; nothing is probed yet.</summary>
    /// <param name="options">How GPUs are found and used.</param>
    /// <param name="loggers">Where ONNX Runtime's log goes; <see langword="null"/>: where it went before.</param>
    /// <param name="time">Ages what was read of a device's state; <see langword="null"/>: the system's time.</param>
    /// <exception cref="OptionsValidationException">The options are invalid: names every problem.</exception>
    public CudaDeviceProvider(IOptions<CudaOptions> options, ILoggerFactory? loggers = null, TimeProvider? time = null)
        : this(options?.Value ?? throw new ArgumentNullException(nameof(options)), loggers, time, probe: null, prepare: null)
    {
    }

    internal CudaDeviceProvider(CudaOptions options, ILoggerFactory? loggers, TimeProvider? time, Func<GpuDiscovery>? probe, Func<ProviderSetup>? prepare)
    {
        _options = options;
        _loggers = loggers;
        _time = time ?? TimeProvider.System;
        _probe = probe ?? (() => new CudaProbe(new SystemFiles(options.SystemRoot), Environment.GetEnvironmentVariable).Read(options.DriverFolder));
        _prepare = prepare ?? (() => ProviderSetup.Prepare(CreateSearch, FileView.Instance, ProviderRegistry.Instance, options));
    }

    /// <inheritdoc/>
    public string Name => ProviderName;

    /// <inheritdoc/>
    public ValueTask<DeviceDiscovery> DiscoverAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_probing)
        {
            // The driver lists its GPUs once in a process: what was found stays. What was not may be put right meanwhile.
            if (_found is not null) return ValueTask.FromResult(_found);
            var discovery = Discover();
            if (discovery.Devices.Count > 0) _found = discovery;
            return ValueTask.FromResult(discovery);
        }
    }

    private DeviceDiscovery Discover()
    {
        var gpus = _probe();
        if (gpus.Problem is not null) return DeviceDiscovery.None(gpus.Problem);
        var wanted = gpus.Gpus.Where(gpu => _options.DeviceIndex is null || gpu.Ordinal == _options.DeviceIndex).ToArray();
        if (wanted.Length == 0) return DeviceDiscovery.None($"CudaOptions.DeviceIndex is {_options.DeviceIndex}, and the driver shows {gpus.Gpus.Count} GPU(s), counted from 0");

        var provider = _prepare();
        if (provider.Problem is not null) return DeviceDiscovery.None($"{string.Join(", ", wanted.Select(gpu => gpu.Info.Name))} cannot be used: {provider.Problem}");

        var devices = new List<IDevice>();
        var unavailable = new List<string>();
        foreach (var gpu in wanted)
        {
            if (gpu.IsProhibited) unavailable.Add($"{gpu.Info.Id} ({gpu.Info.Name}) is in compute mode 'prohibited'; allow it with nvidia-smi --compute-mode=0");
            else if (provider.Kind == ProviderKind.Plugin && !provider.Devices.ContainsKey(gpu.Ordinal)) unavailable.Add($"{gpu.Info.Id} ({gpu.Info.Name}) is not offered by {provider.Library}");
            else devices.Add(new CudaDevice(gpu, gpus.DriverVersions, provider, _options, _loggers, _time));
        }

        if (devices.Count > 0 && provider.Kind == ProviderKind.Plugin && _options.StreamPriority != CudaStreamPriority.Default)
        {
            unavailable.Add("CudaOptions.StreamPriority has no effect with a plugin library, which uses streams of its own; reference Microsoft.ML.OnnxRuntime.Gpu for it");
        }

        // Only plugins ask for more than the option.
        if (_options.UseCudaGraphs)
        {
            foreach (var gpu in wanted.Where(gpu => devices.Exists(device => device.Info.Id == gpu.Info.Id) && !CudaSessionOpener.CapturesGraphs(gpu, provider, _options)))
            {
                unavailable.Add($"CudaOptions.UseCudaGraphs has no effect on {gpu.Info.Id} ({gpu.Info.Name}), whose driver has no memory pools, which a plugin library needs for graphs; install a newer driver, or reference Microsoft.ML.OnnxRuntime.Gpu");
            }
        }

        return new DeviceDiscovery(devices, unavailable);
    }

    private ProviderSearch CreateSearch(bool hasBuiltIn)
    {
        var system = OperatingSystem.IsWindows() ? "win" : "linux";
#pragma warning disable CA1308 // Runtime identifiers are lower-case.
        var portable = $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
#pragma warning restore CA1308
        return new ProviderSearch(
            _options.ProviderLibrary,
            Environment.GetEnvironmentVariable(ProviderSearch.VariableName),
            AppContext.BaseDirectory,
            [.. new[] { RuntimeInformation.RuntimeIdentifier, portable }.Distinct(StringComparer.Ordinal)],
            OperatingSystem.IsWindows(),
            hasBuiltIn);
    }
}
