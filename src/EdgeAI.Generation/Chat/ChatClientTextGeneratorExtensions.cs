using Microsoft.Extensions.AI;

namespace EdgeAI.Generation;

/// <summary>Serves a text generator as an <see cref="IChatClient"/>.</summary>
public static class ChatClientTextGeneratorExtensions
{
    /// <summary>
    /// Makes a chat client. It is safe for concurrent calls, and disposing it leaves the generator as it is. Of <see cref="ChatOptions"/>, <c>ModelId</c>, <c>AllowBackgroundResponses</c> and
    /// additional properties that it does not know are ignored; what it cannot do is refused with an <see cref="InvalidInputException"/> that names every problem.
    /// </summary>
    /// <param name="generator">The model; needs a tokenizer and a chat template.</param>
    /// <param name="options">How to serve it; <see langword="null"/> for the defaults.</param>
    /// <param name="timeProvider">The clock that dates answers; <see langword="null"/> for the system's.</param>
    /// <exception cref="ModelLoadException">The model has no tokenizer or no chat template.</exception>
    public static IChatClient AsChatClient(this ITextGenerator generator, ChatModelOptions? options = null, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(generator);
        var model = new ChatModel(generator, options ?? new ChatModelOptions());
        return new TextChatClient(_ => ValueTask.FromResult(model), generator, generator.Model.Id, timeProvider ?? TimeProvider.System);
    }
}
