using EdgeAI.Devices;
using Microsoft.Extensions.Logging;

namespace EdgeAI.Generation;

/// <summary>Loads model folders.</summary>
public sealed class TextGeneratorFactory
{
    private readonly IDeviceBroker _broker;

    /// <summary>Creates a factory.</summary>
    public TextGeneratorFactory(IDeviceBroker broker, IEnumerable<IDeviceProvider> providers, TimeProvider timeProvider, ILoggerFactory loggerFactory)
    {
        _broker = broker;
    }

    /// <summary>Loads.</summary>
    public ValueTask<ITextGenerator> LoadAsync(string folder, TextGeneratorOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new ModelLoadException($"Not built yet: {_broker}.", folder);
}
