using EdgeAI;
using EdgeAI.Devices;
using EdgeAI.Generation;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers models that generate text.</summary>
public static class TextGeneratorBuilderExtensions
{
    /// <summary>
    /// Registers a model as a keyed <see cref="ITextGenerator"/>. It is loaded when it is first used, or when the host starts where <see cref="TextGeneratorOptions.WarmUp"/> is set; its
    /// <see cref="ITextGenerator.Model"/>, <see cref="ITextGenerator.Tokenizer"/> and <see cref="ITextGenerator.ChatTemplate"/> wait for that. The container owns it: disposing the service does nothing.
    /// </summary>
    /// <param name="builder">The engine's builder.</param>
    /// <param name="key">The service key, and the name of the model's options.</param>
    /// <param name="folder">The folder that <c>edgeai build</c> wrote, absolute or relative to the current directory of this moment.</param>
    /// <param name="configure">Changes the model's options; <see langword="null"/> keeps the defaults.</param>
    /// <exception cref="ArgumentException">A text generator with this key is already registered.</exception>
    public static EdgeAIBuilder AddTextGenerator(this EdgeAIBuilder builder, string key, string folder, Action<TextGeneratorOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        var services = builder.Services;
        RefuseSecond(services, typeof(ITextGenerator), key);

        var options = services.AddOptions<TextGeneratorOptions>(key).ValidateOnStart();
        if (configure is not null) options.Configure(configure);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TextGeneratorOptions>, TextGeneratorOptionsValidator>());
        services.TryAddSingleton(static provider => new TextGeneratorFactory(
            provider.GetRequiredService<IDeviceBroker>(),
            provider.GetServices<IDeviceProvider>(),
            provider.GetService<TimeProvider>() ?? TimeProvider.System,
            provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance));
        services.TryAddSingleton<ITextGeneratorLoader, FactoryLoader>();
        services.TryAddSingleton<LoadedTextGenerators>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, GenerationWarmUpService>());

        var path = Path.GetFullPath(folder);
        services.AddSingleton(new WarmUpRegistration(
            provider => provider.GetRequiredService<IOptionsMonitor<TextGeneratorOptions>>().Get(key).WarmUp,
            async (provider, cancellationToken) => await ((LazyTextGenerator)provider.GetRequiredKeyedService<ITextGenerator>(key)).LoadAsync(cancellationToken).ConfigureAwait(false)));
        services.AddKeyedSingleton<ITextGenerator>(key, (provider, _) => new LazyTextGenerator(
            provider.GetRequiredService<LoadedTextGenerators>(), key, path, provider.GetRequiredService<IOptionsMonitor<TextGeneratorOptions>>().Get(key)));
        return builder;
    }

    internal static void RefuseSecond(IServiceCollection services, Type serviceType, string key)
    {
        if (services.Any(service => service.IsKeyedService && service.ServiceType == serviceType && key.Equals(service.ServiceKey)))
        {
            throw new ArgumentException($"A service of the type {serviceType.Name} with the key '{key}' is already registered; choose another key.", nameof(key));
        }
    }
}
