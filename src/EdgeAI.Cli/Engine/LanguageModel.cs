using EdgeAI.Devices;
using EdgeAI.Generation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAI.Cli.Engine;

/// <summary>A language model on the engine's devices.</summary>
internal static class LanguageModel
{
    /// <summary>Loads the model of a folder; the caller disposes it.</summary>
    public static ValueTask<ITextGenerator> LoadAsync(ServiceProvider services, TimeProvider timeProvider, string folder, TextGeneratorOptions options, CancellationToken cancellationToken)
    {
        var log = services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance;
        var factory = new TextGeneratorFactory(services.GetRequiredService<IDeviceBroker>(), services.GetServices<IDeviceProvider>(), timeProvider, log);
        return factory.LoadAsync(folder, options, cancellationToken);
    }
}
