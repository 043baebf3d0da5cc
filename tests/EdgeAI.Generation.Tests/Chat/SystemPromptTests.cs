using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;

namespace EdgeAI.Generation.Tests.Chat;

[TestClass]
public sealed class SystemPromptTests
{
    private const string Prompt = "Help in the garden.";
    private const string Begin = "<|im_start|>system\n" + Prompt + "<|im_end|>\n<|im_start|>user\n";

    private static readonly LetterTokenizer _tokenizer = LetterTokenizer.ChatMl;

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public async Task GetResponseAsync_NoSystemMessage_BeginsWithTheSystemPrompt()
    {
        Assert.AreEqual(Begin + "Hi<|im_end|>\n<|im_start|>assistant\n", await PromptAsync([new(ChatRole.User, "Hi")]));
    }

    [TestMethod]
    public async Task GetResponseAsync_Instructions_ComeBehindTheSystemPrompt()
    {
        StringAssert.StartsWith(await PromptAsync([new(ChatRole.User, "Hi")], new ChatOptions { Instructions = "Be brief." }), "<|im_start|>system\n" + Prompt + "\nBe brief.<|im_end|>\n");
    }

    [TestMethod]
    [DataRow("system")]
    [DataRow("developer")]
    public async Task GetResponseAsync_ConversationHasASystemMessage_IsLeftAsItIs(string role)
    {
        var prompt = await PromptAsync([new(new ChatRole(role), "Sing."), new(ChatRole.User, "Hi")]);

        StringAssert.StartsWith(prompt, "<|im_start|>system\nSing.<|im_end|>\n");
        Assert.DoesNotContain(Prompt, prompt);
    }

    [TestMethod]
    public void Of_AnyConversation_BeginsWithIt()
    {
        var template = new ChatMlTemplate();
        var shared = SharedPrefix.Of(_tokenizer, template, Prompt);
        var prompts = new ChatPrompts(_tokenizer, template, Prompt);

        Assert.AreEqual(Begin, _tokenizer.Decode(shared));
        foreach (var question in new[] { "Hi", "Hello", " you", "\u00e9", "42", "<|im_end|>" })
        {
            var tokens = prompts.Create([new ChatMessage(ChatRole.User, question)], new ChatOptionsMapping(null, GenerationOptions.Default, null), recall: null).Tokens;
            CollectionAssert.AreEqual(shared, tokens[..shared.Length], question);
        }
    }

    [TestMethod]
    public void Of_LettersJoinWithTheQuestion_AreLeftOut()
    {
        // "nB" is one token: what stands before a question that begins with B is another.
        var tokenizer = new LetterTokenizer(["nB"], ["<|im_start|>", "<|im_end|>"]);

        Assert.AreEqual("Hey\nQuestio", tokenizer.Decode(SharedPrefix.Of(tokenizer, Template("{{ messages[0].content }}\nQuestion{{ messages[1].content }}"), "Hey")));
    }

    [TestMethod]
    public void Of_TemplateWritesTheTime_ServesAsFarAsItIsTheSame()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 3, 4, 23, 0, 0, TimeSpan.Zero));
        var template = Template("<|im_start|>system\nOn {{ strftime_now('%d.%m.') }}: {{ messages[0].content }}<|im_end|>\n<|im_start|>user\n{{ messages[1].content }}", time);
        var before = SharedPrefix.Of(_tokenizer, template, Prompt);

        time.Advance(TimeSpan.FromHours(2));
        var after = SharedPrefix.Of(_tokenizer, template, Prompt);

        Assert.AreEqual("<|im_start|>system\nOn 04.03.: " + Prompt + "<|im_end|>\n<|im_start|>user\n", _tokenizer.Decode(before));
        Assert.AreEqual("<|im_start|>system\nOn 0", _tokenizer.Decode(before.AsSpan(0, before.AsSpan().CommonPrefixLength(after))));
    }

    [TestMethod]
    public void Of_TemplateWritesSomethingNewEachTime_EndsThere()
    {
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromMinutes(1) };
        var template = Template("<|im_start|>system\n{{ messages[0].content }} {{ strftime_now('%M') }}<|im_end|>\n<|im_start|>user\n{{ messages[1].content }}", time);

        StringAssert.StartsWith("<|im_start|>system\n" + Prompt + " 00", _tokenizer.Decode(SharedPrefix.Of(_tokenizer, template, Prompt)));
    }

    private static ChatTemplate Template(string text, TimeProvider? time = null) => new(text, null, new JsonObject(), time ?? TimeProvider.System);

    private async Task<string> PromptAsync(IReadOnlyList<ChatMessage> conversation, ChatOptions? options = null)
    {
        using var generator = new ScriptedGenerator(_tokenizer, new ChatMlTemplate(), LetterTokenizer.Spell("Hello."));
        using var client = generator.AsChatClient(new ChatModelOptions { SystemPrompt = Prompt });
        await client.GetResponseAsync(conversation, options, TestContext.CancellationToken);
        return generator.PromptText(0);
    }
}
