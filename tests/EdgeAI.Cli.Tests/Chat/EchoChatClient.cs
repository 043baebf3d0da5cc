using System.Runtime.CompilerServices;
using EdgeAI.Generation;
using Microsoft.Extensions.AI;

namespace EdgeAI.Cli.Tests.Chat;

/// <summary>Answers with the question in capitals, a word an update, and keeps what it was sent.</summary>
internal sealed class EchoChatClient : IChatClient
{
    public List<ChatMessage[]> Requests { get; } = [];

    /// <summary>Called before each update with its number.</summary>
    public Action<int>? BeforeUpdate { get; init; }

    /// <summary>Thought before each answer.</summary>
    public string? Thought { get; init; }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Requests.Add([.. messages]);
        var words = Requests[^1][^1].Text.ToUpperInvariant().Split(' ');
        if (Thought is not null) yield return new ChatResponseUpdate(ChatRole.Assistant, [new TextReasoningContent(Thought)]);
        for (var i = 0; i < words.Length; i++)
        {
            BeforeUpdate?.Invoke(i);
            cancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
            yield return new ChatResponseUpdate(ChatRole.Assistant, i == 0 ? words[i] : $" {words[i]}");
        }

        var usage = new GenerationUsage(10 * Requests.Count, 4, words.Length, TimeSpan.Zero, TimeSpan.FromMilliseconds(250), TimeSpan.FromMilliseconds(750));
        yield return new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(new UsageDetails())]) { FinishReason = ChatFinishReason.Stop, RawRepresentation = usage };
    }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
