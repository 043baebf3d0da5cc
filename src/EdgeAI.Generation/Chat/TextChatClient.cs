using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace EdgeAI.Generation;

/// <summary>Answers conversations with a text generator. Thread-safe. The generator belongs to somebody else: disposing this does nothing.</summary>
internal sealed class TextChatClient(Func<CancellationToken, ValueTask<ChatModel>> load, ITextGenerator generator, string modelId, TimeProvider timeProvider) : IChatClient
{
    private readonly ChatClientMetadata _metadata = new("edgeai", defaultModelId: modelId);
    private ChatModel? _model;

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken).ConfigureAwait(false);

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return AnswerAsync([.. messages], options, cancellationToken);
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null) return null;
        if (serviceType == typeof(ChatClientMetadata)) return _metadata;
        if (serviceType.IsInstanceOfType(this)) return this;
        return serviceType.IsInstanceOfType(generator) ? generator : null;
    }

    public void Dispose()
    {
    }

    // Of two who come first, the second takes what the first has made: there is one memory of answers.
    private async ValueTask<ChatModel> LoadAsync(CancellationToken cancellationToken)
    {
        var loaded = await load(cancellationToken).ConfigureAwait(false);
        return Interlocked.CompareExchange(ref _model, loaded, null) ?? loaded;
    }

    private async IAsyncEnumerable<ChatResponseUpdate> AnswerAsync(ChatMessage[] conversation, ChatOptions? chatOptions, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var model = Volatile.Read(ref _model) ?? await LoadAsync(cancellationToken).ConfigureAwait(false);
        var mapping = new ChatOptionsMapping(chatOptions, model.Defaults, this);
        var prompt = model.Prepare(conversation, mapping);
        var answer = model.Generator.Generate(new GenerationRequest(prompt.Tokens) { Options = mapping.Generation, Constraint = model.Grammars.CreateConstraint(mapping) });
        var stream = new ChatAnswer(model, mapping, prompt, modelId, timeProvider.GetUtcNow());
        try
        {
            await foreach (var token in answer.WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                if (stream.Take(token) is { } update) yield return update;
                if (stream.IsComplete) break;
            }

            if (stream.Complete() is { } last) yield return last;
        }
        finally
        {
            // Also where it was cut off: who goes on with what there is sends it again.
            stream.Remember();
        }

        yield return stream.End(answer);
    }
}
