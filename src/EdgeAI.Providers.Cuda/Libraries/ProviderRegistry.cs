using System.Globalization;
using EdgeAI.OnnxRuntime;
using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.Providers.Cuda.Libraries;

/// <summary>The process's own environment.</summary>
internal sealed class ProviderRegistry : IProviderRegistry
{
    private const string RegistrationName = "EdgeAI.Cuda";

    // The plugin itself writes it (cuda_ep_factory.cc): its position among the hardware that ONNX Runtime lists is not a CUDA ordinal.
    private const string OrdinalKey = "cuda_device_id";

    private readonly Lock _registering = new();
    private readonly List<OrtAllocator> _arenas = [];
    private string? _registered;

    private ProviderRegistry()
    {
    }

    /// <summary>One for the process, as the environment is.</summary>
    public static ProviderRegistry Instance { get; } = new();

    public IReadOnlyList<string> BuiltIn => OnnxRuntimeLibrary.GetEnvironment().GetAvailableProviders();

    public string? FindProblem() => OnnxRuntimeLibrary.Check() is { Ok: false } check ? check.ToString() : null;

    public void Register(string path)
    {
        lock (_registering)
        {
            if (_registered == path) return;
            OnnxRuntimeLibrary.GetEnvironment().RegisterExecutionProviderLibrary(RegistrationName, path);
            _registered = path;
        }
    }

    public void ConfigureArenas(CudaOptions options)
    {
        lock (_registering)
        {
            foreach (var device in GetCudaDevices().Values)
            {
                // Kept: the sessions to come use it.
                _arenas.Add(OnnxRuntimeLibrary.GetEnvironment().CreateSharedAllocator(device!, OrtDeviceMemoryType.DEFAULT, OrtAllocatorType.DeviceAllocator, ProviderSettings.ForPluginArena(options)));
            }
        }
    }

    public IReadOnlyDictionary<int, OrtEpDevice?> GetCudaDevices()
    {
        var devices = new Dictionary<int, OrtEpDevice?>();
        foreach (var device in OnnxRuntimeLibrary.GetEnvironment().GetEpDevices())
        {
            if (CudaProviderNames.Contains(device.EpName)
                && device.EpMetadata.Entries.TryGetValue(OrdinalKey, out var text)
                && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal)) devices[ordinal] = device;
        }

        return devices;
    }
}
