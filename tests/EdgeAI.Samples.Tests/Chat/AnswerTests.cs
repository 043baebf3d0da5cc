using EdgeAI.Samples.Chat;
using Microsoft.Extensions.AI;

namespace EdgeAI.Samples.Tests.Chat;

/// <summary>The sample's loop with a model that always asks for the tomatoes.</summary>
[TestClass]
public sealed class AnswerTests
{
    [TestMethod]
    public async Task StreamAsync_ModelThatCalls_WritesCallResultAnswerAndUsage()
    {
        using var client = new TomatoClient().AsBuilder().UseFunctionInvocation().Build();
        using var output = new StringWriter();

        await Answer.StreamAsync(client, "Warm?", new ChatOptions { Tools = [AIFunctionFactory.Create(new Greenhouse().ReadTemperature)] }, output);

        Assert.AreEqual(
            """
            You: Warm?
            [asks ReadTemperature(tomatoes)]
            [hears 24.5 °C]
            They have 24.5 °C.
            30 tokens read, 10 of them from the cache; 8 written.

            """.ReplaceLineEndings("\n"),
            output.ToString().ReplaceLineEndings("\n"));
    }

    [TestMethod]
    public void ReadTemperature_UnknownPlant_NamesThoseThereAre() => StringAssert.Contains(new Greenhouse().ReadTemperature("roses"), "tomatoes, orchids, cacti");

    private sealed class TomatoClient : IChatClient
    {
        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            var heard = messages.SelectMany(message => message.Contents).OfType<FunctionResultContent>().FirstOrDefault();
            if (heard is null) yield return new ChatResponseUpdate(ChatRole.Assistant, [new FunctionCallContent("1", "ReadTemperature", new Dictionary<string, object?> { ["plant"] = "tomatoes" })]);
            else yield return new ChatResponseUpdate(ChatRole.Assistant, $"They have {heard.Result}.");
            yield return new ChatResponseUpdate(ChatRole.Assistant, [new UsageContent(new UsageDetails { InputTokenCount = heard is null ? 10 : 20, CachedInputTokenCount = heard is null ? 0 : 10, OutputTokenCount = 4 })]);
        }

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
