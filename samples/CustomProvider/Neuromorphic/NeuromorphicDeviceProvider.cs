using EdgeAI.Devices;
using Microsoft.Extensions.Options;

namespace EdgeAI.Samples.Neuromorphic;

/// <summary>Finds the toy device: always one, since it is played in software. Thread-safe.</summary>
public sealed class NeuromorphicDeviceProvider : IDeviceProvider
{
    /// <summary>The provider's name.</summary>
    public const string ProviderName = "neuromorphic";

    /// <summary>The identifier of its only device.</summary>
    public const string DeviceId = "neuromorphic:0";

    private readonly Lazy<NeuromorphicDevice> _device;

    /// <summary>Creates the provider; nothing is probed yet.</summary>
    /// <param name="options">What the device has.</param>
    /// <param name="activity">Where it counts what it does.</param>
    /// <exception cref="OptionsValidationException">The options are invalid: names every problem.</exception>
    public NeuromorphicDeviceProvider(IOptions<NeuromorphicOptions> options, SynapticActivity activity)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(activity);
        var value = options.Value;
        _device = new Lazy<NeuromorphicDevice>(() => new NeuromorphicDevice(value, activity));
    }

    /// <inheritdoc/>
    public string Name => ProviderName;

    /// <inheritdoc/>
    public ValueTask<DeviceDiscovery> DiscoverAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();

        // A real provider asks its driver here, and answers DeviceDiscovery.None("no board was found; ...") where there is none.
        return ValueTask.FromResult(DeviceDiscovery.Found(_device.Value));
    }
}
