using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAI.Generation.Tests.Chat;

/// <summary>From a model folder to answers, on this machine's CPU: a trained model of 260 thousand weights, with a vocabulary that the test gives it.</summary>
[TestClass]
public sealed class ChatOnCpuTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private ServiceProvider _services = null!;

    public TestContext TestContext { get; set; } = null!;

    [TestInitialize]
    public async Task InitializeAsync()
    {
        var model = Path.Join(_folder.Path, "tiny");
        await ModelBuilder.BuildAsync(SharedData.Require("models/llama-260k"), model, new ModelBuildOptions { Precision = ModelPrecision.Float32, Threads = 1 }, cancellationToken: TestContext.CancellationToken);
        _folder.With("tiny/tokenizer.json", CreateTokenizer().ToJsonString())
            .With("tiny/tokenizer_config.json", """{"eos_token":"<|im_end|>"}""")
            .With("tiny/chat_template.jinja", "{% for t in tools or [] %}<|im_start|>tool\n{{ t.function.name }}<|im_end|>\n{% endfor %}{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}");
        var services = new ServiceCollection();
        services.AddEdgeAI(options => options.Cache = MeasurementCache.Off).AddCpu().AddChatClient("assistant", model, options => options.Threads = 1);
        _services = services.BuildServiceProvider();
    }

    public async ValueTask DisposeAsync()
    {
        if (_services is not null) await _services.DisposeAsync();
        _folder.Dispose();
    }

    [TestMethod]
    public async Task GetResponseAsync_SecondTurn_ComputesOnlyWhatIsNew()
    {
        var client = _services.GetRequiredKeyedService<IChatClient>("assistant");
        List<ChatMessage> conversation = [new(ChatRole.User, "Once upon a time there was a little model.")];
        var first = await client.GetResponseAsync(conversation, new ChatOptions { MaxOutputTokens = 20 }, TestContext.CancellationToken);
        conversation.AddRange([.. first.Messages, new(ChatRole.User, "More")]);

        var second = await client.GetResponseAsync(conversation, new ChatOptions { MaxOutputTokens = 5 }, TestContext.CancellationToken);

        Assert.AreEqual(20, first.Usage!.OutputTokenCount);
        Assert.AreEqual(ChatFinishReason.Length, first.FinishReason);
        Assert.AreEqual(0, first.Usage.CachedInputTokenCount);

        // The last token of an answer is chosen, not computed.
        Assert.AreEqual(first.Usage.InputTokenCount + 19, second.Usage!.CachedInputTokenCount);
    }

    [TestMethod]
    public async Task GetResponseAsync_SystemPrompt_IsComputedAtLoadAndKeptOnDisk()
    {
        const string Prompt = "You help people who grow vegetables.";
        var kept = _folder.PathOf("kept");
        byte[]? written = null;
        for (var start = 0; start < 2; start++)
        {
            var services = new ServiceCollection();
            services.AddEdgeAI(options => options.Cache = MeasurementCache.Off).AddCpu().AddChatClient(
                "gardener", Path.Join(_folder.Path, "tiny"), options => (options.Threads, options.PrefixCacheFolder, options.PrefixCacheBytes) = (1, kept, 0), chat => chat.SystemPrompt = Prompt);
            await using var provider = services.BuildServiceProvider();
            var client = provider.GetRequiredKeyedService<IChatClient>("gardener");

            var response = await client.GetResponseAsync("Why?", new ChatOptions { MaxOutputTokens = 5 }, TestContext.CancellationToken);
            var other = await client.GetResponseAsync("How?", new ChatOptions { MaxOutputTokens = 5 }, TestContext.CancellationToken);

            // A byte a token, and one for each mark: what is new is the question and the turn of the answer.
            var shared = 1 + "system\n".Length + Prompt.Length + 1 + "\n".Length + 1 + "user\n".Length;
            Assert.AreEqual(shared, response.Usage!.CachedInputTokenCount);
            Assert.AreEqual(shared + "Why?".Length + 1 + "\n".Length + 1 + "assistant\n".Length, response.Usage.InputTokenCount);
            Assert.AreEqual(shared, other.Usage!.CachedInputTokenCount);
            var file = File.ReadAllBytes(Directory.GetFiles(kept).Single());
            if (written is not null) CollectionAssert.AreEqual(written, file);
            written = file;
        }
    }

    [TestMethod]
    public async Task GetStreamingResponseAsync_Pieces_AreTheWholeAnswer()
    {
        var client = _services.GetRequiredKeyedService<IChatClient>("assistant");
        var options = new ChatOptions { MaxOutputTokens = 30 };
        var text = "";
        await foreach (var update in client.GetStreamingResponseAsync("Hello", options, TestContext.CancellationToken)) text += update.Text;

        Assert.AreEqual(text, (await client.GetResponseAsync("Hello", options, TestContext.CancellationToken)).Text);
        Assert.IsGreaterThan(0, text.Length);
    }

    [TestMethod]
    public async Task GetResponseAsync_Schema_IsKeptByAModelThatKnowsNoJson()
    {
        var client = _services.GetRequiredKeyedService<IChatClient>("assistant");
        using var schema = JsonDocument.Parse("""{"type":"object","properties":{"answer":{"enum":["yes","no"]},"count":{"type":"integer","minimum":0,"maximum":99}},"required":["answer","count"]}""");

        var response = await client.GetResponseAsync("Hello", new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(schema.RootElement), Temperature = 1, Seed = 3 }, TestContext.CancellationToken);

        using var answer = JsonDocument.Parse(response.Text);
        Assert.IsTrue(answer.RootElement.GetProperty("answer").GetString() is "yes" or "no");
        Assert.IsTrue(answer.RootElement.GetProperty("count").GetInt32() is >= 0 and <= 99);
        Assert.AreEqual(ChatFinishReason.Stop, response.FinishReason);
    }

    [TestMethod]
    public async Task GetResponseAsync_RequiredCall_IsMadeAndItsResultSentBack()
    {
        var tool = AIFunctionFactory.Create((bool loud) => loud ? "LOUD" : "quiet", "shout");
        using var client = _services.GetRequiredKeyedService<IChatClient>("assistant").AsBuilder().UseFunctionInvocation().Build();

        var response = await client.GetResponseAsync(
            "Hello", new ChatOptions { Tools = [tool], ToolMode = ChatToolMode.RequireSpecific("shout"), MaxOutputTokens = 60, Temperature = 1, Seed = 1 }, TestContext.CancellationToken);

        var contents = response.Messages.SelectMany(message => message.Contents).ToArray();
        Assert.AreEqual("shout", contents.OfType<FunctionCallContent>().First().Name);
        Assert.IsTrue(JsonValues.ToText(contents.OfType<FunctionResultContent>().First().Result) is "LOUD" or "quiet");
    }

    [TestMethod]
    public async Task GetResponseAsync_PromptLongerThanTheContext_IsRefused()
    {
        var client = _services.GetRequiredKeyedService<IChatClient>("assistant");

        await Assert.ThrowsExactlyAsync<InvalidInputException>(() => client.GetResponseAsync(new string('a', 10_000), cancellationToken: TestContext.CancellationToken));
    }

    /// <summary>A token a byte, named as byte-level vocabularies name bytes, the marks of ChatML, and pairs of letters for the rest.</summary>
    private static JsonObject CreateTokenizer()
    {
        var vocabulary = new JsonObject();
        var extra = 256;
        for (var value = 0; value < 256; value++)
        {
            var isLetter = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            vocabulary[((char)(isLetter ? value : extra++)).ToString()] = value;
        }

        // Nothing is encoded as these without merges, but the model may generate them.
        for (var token = 258; token < 512; token++) vocabulary[$"{(char)('a' + (token / 26))}{(char)('a' + (token % 26))}"] = token;
        return new JsonObject
        {
            ["added_tokens"] = new JsonArray(Added(256, "<|im_start|>"), Added(257, "<|im_end|>")),
            ["pre_tokenizer"] = ByteLevel(),
            ["decoder"] = ByteLevel(),
            ["model"] = new JsonObject { ["type"] = "BPE", ["vocab"] = vocabulary, ["merges"] = new JsonArray() },
        };
    }

    private static JsonObject ByteLevel() => new() { ["type"] = "ByteLevel", ["add_prefix_space"] = false, ["trim_offsets"] = true, ["use_regex"] = true };

    private static JsonObject Added(int id, string content) => new() { ["id"] = id, ["content"] = content, ["special"] = true, ["normalized"] = false };
}
