using EdgeAI;
using EdgeAI.Generation;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers models to chat with.</summary>
public static class ChatBuilderExtensions
{
    /// <summary>
    /// Registers a model as a keyed <see cref="IChatClient"/>, and as an <see cref="ITextGenerator"/> with the same key: both use it loaded once. It is loaded by the first
    /// question, or when the host starts where <see cref="TextGeneratorOptions.WarmUp"/> is set.
    /// </summary>
    /// <param name="builder">The engine's builder.</param>
    /// <param name="key">The service key, and the name of the model's options.</param>
    /// <param name="folder">The folder that <c>edgeai build</c> wrote, absolute or relative to the current directory of this moment; it needs a tokenizer and a chat template.</param>
    /// <param name="configure">Changes how the model is loaded and served; <see langword="null"/> keeps the defaults.</param>
    /// <param name="configureChat">Changes how it chats, such as <c>chat => chat.SystemPrompt = "..."</c>, which is then computed once and pinned; <see langword="null"/> keeps the defaults.</param>
    /// <param name="decorate">
    /// Puts a pipeline around the client, such as <c>(client, services) => client.AsBuilder().UseFunctionInvocation().Build(services)</c>; <see langword="null"/> for none.
    /// </param>
    /// <exception cref="ArgumentException">A chat client or a text generator with this key is already registered.</exception>
    public static EdgeAIBuilder AddChatClient(
        this EdgeAIBuilder builder,
        string key,
        string folder,
        Action<TextGeneratorOptions>? configure = null,
        Action<ChatModelOptions>? configureChat = null,
        Func<IChatClient, IServiceProvider, IChatClient>? decorate = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        TextGeneratorBuilderExtensions.RefuseSecond(builder.Services, typeof(IChatClient), key);
        builder.AddTextGenerator(key, folder, configure);

        var options = builder.Services.AddOptions<ChatModelOptions>(key).ValidateOnStart();
        if (configureChat is not null) options.Configure(configureChat);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ChatModelOptions>, ChatModelOptionsValidator>());
        builder.Services.AddOptions<TextGeneratorOptions>(key).PostConfigure<IOptionsMonitor<ChatModelOptions>>((loading, chats) =>
            loading.PinnedPrefixes.Add((tokenizer, template) => chats.Get(key).SystemPrompt is { Length: > 0 } prompt ? SharedPrefix.Of(tokenizer, template, prompt) : []));
        builder.Services.AddKeyedSingleton<IChatClient>(key, (provider, _) =>
        {
            var generator = (LazyTextGenerator)provider.GetRequiredKeyedService<ITextGenerator>(key);
            var settings = provider.GetRequiredService<IOptionsMonitor<ChatModelOptions>>().Get(key);
            var client = new TextChatClient(
                async cancellationToken => new ChatModel(await generator.LoadAsync(cancellationToken).ConfigureAwait(false), settings),
                generator,
                generator.Name,
                provider.GetService<TimeProvider>() ?? TimeProvider.System);
            return decorate is null ? client : decorate(client, provider) ?? throw new InvalidOperationException($"The pipeline around the chat client '{key}' is null; return the client that it was given, or one around it.");
        });
        return builder;
    }
}
