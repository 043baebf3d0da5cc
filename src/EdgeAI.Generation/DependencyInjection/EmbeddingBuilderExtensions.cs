using EdgeAI;
using EdgeAI.Generation;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers models that turn texts into vectors.</summary>
public static class EmbeddingBuilderExtensions
{
    /// <summary>
    /// Registers an encoder model as a keyed <c>IEmbeddingGenerator&lt;string, Embedding&lt;float&gt;&gt;</c>. The engine serves it: texts of all callers share batches. It is loaded by its first
    /// texts, or when the host starts where <see cref="ModelOptions.WarmUp"/> of <see cref="EmbeddingModelOptions.Model"/> is set, and unloaded with the engine.
    /// </summary>
    /// <param name="builder">The engine's builder.</param>
    /// <param name="key">The service key, and the name of the model's options.</param>
    /// <param name="folder">
    /// Holds <c>model.onnx</c> or <c>onnx/model.onnx</c> and <c>tokenizer.json</c>; absolute or relative to the current directory of this moment. The model takes <c>input_ids</c> and where it
    /// wants them <c>attention_mask</c> and <c>token_type_ids</c>, and gives <c>last_hidden_state</c> or a vector for each text.
    /// </param>
    /// <param name="configure">Changes the model's options; <see langword="null"/> keeps the defaults.</param>
    /// <exception cref="ArgumentException">An embedding generator with this key is already registered.</exception>
    public static EdgeAIBuilder AddEmbeddingGenerator(this EdgeAIBuilder builder, string key, string folder, Action<EmbeddingModelOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        var services = builder.Services;
        TextGeneratorBuilderExtensions.RefuseSecond(services, typeof(IEmbeddingGenerator<string, Embedding<float>>), key);

        var options = services.AddOptions<EmbeddingModelOptions>(key).ValidateOnStart();
        if (configure is not null) options.Configure(configure);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EmbeddingModelOptions>, EmbeddingModelOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, GenerationWarmUpService>());

        services.AddSingleton(new WarmUpRegistration(
            provider => provider.GetRequiredService<IOptionsMonitor<EmbeddingModelOptions>>().Get(key).Model.WarmUp,
            (provider, cancellationToken) => provider.GetRequiredKeyedService<LazyEncoder>(key).LoadAsync(cancellationToken).AsTask()));
        var path = Path.GetFullPath(folder);
        services.AddKeyedSingleton(key, (provider, _) => new LazyEncoder(
            provider.GetRequiredService<IInferenceEngine>(), path, provider.GetRequiredService<IOptionsMonitor<EmbeddingModelOptions>>().Get(key)));
        services.AddKeyedSingleton<IEmbeddingGenerator<string, Embedding<float>>>(key, (provider, _) => new TextEmbeddingGenerator(
            provider.GetRequiredKeyedService<LazyEncoder>(key).LoadAsync, Path.GetFileName(Path.TrimEndingDirectorySeparator(path))));
        return builder;
    }
}
