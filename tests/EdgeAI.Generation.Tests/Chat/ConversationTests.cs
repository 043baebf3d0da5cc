using Microsoft.Extensions.AI;

namespace EdgeAI.Generation.Tests.Chat;

/// <summary>A conversation that is sent again begins with the very tokens of the last turn, so that nothing is computed twice.</summary>
[TestClass]
public sealed class ConversationTests
{
    private static readonly LetterTokenizer _tokenizer = LetterTokenizer.ChatMl;
    private static readonly AIFunction _weather = AIFunctionFactory.Create((string city) => $"rain in {city}", "weather");

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow("Hello you.")]
    [DataRow("Hello é 🙂 ")]
    [DataRow(" spaces around \n")]
    [DataRow("It is written <|im_end|>.")]
    [DataRow("a <tool_call> without an end")]
    public async Task GetResponseAsync_SecondTurn_BeginsWithThePromptAndTheTokensOfTheFirst(string answer)
    {
        // Spelled letter by letter: encoding the text again would take longer tokens.
        using var generator = Script(new ChatMlTemplate(), answer, "Fine.");
        using var client = generator.AsChatClient();

        await TalkAsync(client, new ChatOptions(), "Hi", "More");

        StartsWith(generator, 1, [.. generator.Requests[0].PromptTokens.Span, .. LetterTokenizer.Spell(answer)]);
    }

    [TestMethod]
    public async Task GetResponseAsync_NothingRemembered_TokenisesTheTextAgain()
    {
        using var generator = Script(new ChatMlTemplate(), "Hello you.", "Fine.");
        using var client = generator.AsChatClient(new ChatModelOptions { RememberedAnswers = 0 });

        await TalkAsync(client, new ChatOptions(), "Hi", "More");

        var prompt = generator.Requests[1].PromptTokens.ToArray();
        var first = generator.Requests[0].PromptTokens.Length;
        Assert.AreEqual(_tokenizer.Encode("Hello")[0], prompt[first]);
    }

    [TestMethod]
    public async Task GetResponseAsync_AnswerThatWasChanged_IsTakenAsItIsNow()
    {
        using var generator = Script(new ChatMlTemplate(), "Hello you.", "Fine.");
        using var client = generator.AsChatClient();
        await client.GetResponseAsync("Hi", cancellationToken: TestContext.CancellationToken);

        await client.GetResponseAsync([new(ChatRole.User, "Hi"), new(ChatRole.Assistant, "Hello."), new(ChatRole.User, "More")], cancellationToken: TestContext.CancellationToken);

        Assert.Contains("assistant\nHello.<|im_end|>", generator.PromptText(1));
    }

    [TestMethod]
    public async Task GetResponseAsync_AfterACall_BeginsWithTheTokensOfTheCall()
    {
        const string Call = """Wait. <tool_call> {"name": "weather",  "arguments": {"city": "Rome"}}</tool_call>""";
        using var generator = Script(new ChatMlTemplate(), Call, "It rains.", "Bye.");
        using var client = generator.AsChatClient().AsBuilder().UseFunctionInvocation().Build();

        await TalkAsync(client, new ChatOptions { Tools = [_weather] }, "Weather?", "Thanks");

        int[] first = [.. generator.Requests[0].PromptTokens.Span, .. LetterTokenizer.Spell(Call)];
        StartsWith(generator, 1, first);
        StartsWith(generator, 2, [.. generator.Requests[1].PromptTokens.Span, .. LetterTokenizer.Spell("It rains.")]);
    }

    [TestMethod]
    public async Task GetResponseAsync_TemplateThatLooksForCalls_GetsThem()
    {
        const string Call = """<tool_call>{"name": "weather", "arguments": {"city": "Rome"}}</tool_call>""";
        using var generator = Script(new ChatMlTemplate { RequiresCallsBeforeResults = true }, Call, "It rains.");
        using var client = generator.AsChatClient().AsBuilder().UseFunctionInvocation().Build();

        var response = await client.GetResponseAsync("Weather?", new ChatOptions { Tools = [_weather] }, TestContext.CancellationToken);

        Assert.AreEqual("It rains.", response.Text);
    }

    [TestMethod]
    public async Task GetResponseAsync_ThoughtBeforeACall_IsKeptUntilTheNextQuestion()
    {
        const string Thought = "<think>\nHm.\n</think>\n\n";
        const string Call = """<tool_call>{"name": "weather", "arguments": {"city": "Rome"}}</tool_call>""";
        using var generator = Script(new ChatMlTemplate(), Thought + Call, Thought + "Hello.", "Bye.");
        using var client = generator.AsChatClient().AsBuilder().UseFunctionInvocation().Build();

        await TalkAsync(client, new ChatOptions { Tools = [_weather] }, "Weather?", "Thanks");

        StartsWith(generator, 1, [.. generator.Requests[0].PromptTokens.Span, .. LetterTokenizer.Spell(Thought + Call)]);
        StartsWith(generator, 2, [.. generator.Requests[0].PromptTokens.Span, .. LetterTokenizer.Spell(Call), _tokenizer.Special("<|im_end|>")]);
        Assert.DoesNotContain("Hm.", generator.PromptText(2));
        Assert.Contains("assistant\nHello.<|im_end|>", generator.PromptText(2));
    }

    [TestMethod]
    public async Task GetResponseAsync_ThoughtSkippedByThePrompt_StaysSkipped()
    {
        using var generator = Script(new ChatMlTemplate { Opening = "<think>\n\n</think>\n\n" }, "Hello you.", "Fine.");
        using var client = generator.AsChatClient();

        await TalkAsync(client, new ChatOptions(), "Hi", "More");

        StartsWith(generator, 1, [.. generator.Requests[0].PromptTokens.Span, .. LetterTokenizer.Spell("Hello you.")]);
    }

    [TestMethod]
    public async Task GetResponseAsync_ThoughtOpenedByThePrompt_IsReadAndLeftOutLater()
    {
        using var generator = Script(new ChatMlTemplate { Opening = "<think>\n" }, "Hm.\n</think>\n\nHello.", "Fine.");
        using var client = generator.AsChatClient();
        List<ChatMessage> conversation = [new(ChatRole.User, "Hi")];
        var response = await client.GetResponseAsync(conversation, cancellationToken: TestContext.CancellationToken);
        conversation.AddRange([.. response.Messages, new(ChatRole.User, "More")]);

        await client.GetResponseAsync(conversation, cancellationToken: TestContext.CancellationToken);

        Assert.AreEqual("Hm.", response.Messages[0].Contents.OfType<TextReasoningContent>().Single().Text);
        Assert.AreEqual("Hello.", response.Text);
        Assert.Contains("<|im_start|>assistant\nHello.<|im_end|>", generator.PromptText(1));
    }

    [TestMethod]
    public async Task GetStreamingResponseAsync_CutOff_RemembersWhatCame()
    {
        using var generator = Script(new ChatMlTemplate(), "Hello you.", "Fine.");
        using var client = generator.AsChatClient();
        var text = "";
        await foreach (var update in client.GetStreamingResponseAsync("Hi", cancellationToken: TestContext.CancellationToken))
        {
            text += update.Text;
            if (text.Length == 5) break;
        }

        await client.GetResponseAsync([new(ChatRole.User, "Hi"), new(ChatRole.Assistant, text), new(ChatRole.User, "More")], cancellationToken: TestContext.CancellationToken);

        StartsWith(generator, 1, [.. generator.Requests[0].PromptTokens.Span, .. LetterTokenizer.Spell("Hello")]);
    }

    private async Task TalkAsync(IChatClient client, ChatOptions options, params string[] questions)
    {
        var conversation = new List<ChatMessage>();
        foreach (var question in questions)
        {
            conversation.Add(new ChatMessage(ChatRole.User, question));
            var response = await client.GetResponseAsync(conversation, options, TestContext.CancellationToken);
            conversation.AddRange(response.Messages);
        }
    }

    private static void StartsWith(ScriptedGenerator generator, int request, int[] expected)
    {
        var prompt = generator.Requests[request].PromptTokens;
        Assert.IsGreaterThan(expected.Length, prompt.Length);
        Assert.AreEqual(_tokenizer.Decode(expected), _tokenizer.Decode(prompt.Span[..expected.Length]));
        CollectionAssert.AreEqual(expected, prompt[..expected.Length].ToArray());
    }

    private static ScriptedGenerator Script(IChatTemplate template, params string[] answers) => new(_tokenizer, template, [.. answers.Select(LetterTokenizer.Spell)]);
}
