using EdgeAI;
using EdgeAI.DependencyInjection;
using EdgeAI.Engine;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers models.</summary>
public static class ModelBuilderExtensions
{
    /// <summary>
    /// Registers a model as a keyed <see cref="IModelHandle"/>. The file is read when the signature is asked for and opened by the
    /// first request, or when the host starts where <see cref="ModelOptions.WarmUp"/> is set. The container owns the handle.
    /// </summary>
    /// <param name="builder">The engine's builder.</param>
    /// <param name="key">The service key, and the name of the model's options.</param>
    /// <param name="source">The model.</param>
    /// <param name="configure">Changes the model's options; <see langword="null"/> keeps the defaults.</param>
    /// <exception cref="ArgumentException">A model with this key is already registered.</exception>
    public static EdgeAIBuilder AddModel(this EdgeAIBuilder builder, string key, ModelSource source, Action<ModelOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        ArgumentNullException.ThrowIfNull(source);
        if (builder.Services.Any(service => service.IsKeyedService && service.ServiceType == typeof(IModelHandle) && key.Equals(service.ServiceKey)))
        {
            throw new ArgumentException($"A model with the key '{key}' is already registered; choose another key.", nameof(key));
        }

        var options = builder.Services.AddOptions<ModelOptions>(key).ValidateOnStart();
        if (configure is not null) options.Configure(configure);
        builder.Services.AddSingleton(new ModelRegistration(key));
        builder.Services.AddKeyedSingleton<IModelHandle>(key, (provider, _) => new LazyModelHandle(
            provider.GetRequiredService<InferenceEngine>(),
            source,
            provider.GetRequiredService<IOptionsMonitor<ModelOptions>>().Get(key),
            provider.GetService<TimeProvider>() ?? TimeProvider.System));
        return builder;
    }
}
