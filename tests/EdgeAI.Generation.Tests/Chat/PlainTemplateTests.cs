using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace EdgeAI.Generation.Tests.Chat;

/// <summary>Templates that know neither tools nor, some of them, the system: the model is told all the same.</summary>
[TestClass]
public sealed class PlainTemplateTests
{
    private const string Turns = "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}<|im_start|>assistant:";

    // As Llama 2's and Gemma's do.
    private const string StrictTurns =
        "{% if messages[0].role == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}"
        + "{% for m in messages %}{% if (m.role == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Conversation roles must alternate user/assistant') }}{% endif %}{% endfor %}" + Turns;

    private static readonly AIFunction _weather = AIFunctionFactory.Create((string city) => $"rain in {city}", "weather", "Tells the weather.");

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    public async Task GetResponseAsync_TemplateWithoutTools_DescribesThemBehindTheSystemMessage()
    {
        using var generator = Script(Turns, "Hello.");
        using var client = generator.AsChatClient();

        await client.GetResponseAsync([new(ChatRole.System, "Be kind."), new(ChatRole.User, "Hi")], new ChatOptions { Tools = [_weather], Instructions = "Be brief." }, TestContext.CancellationToken);

        var prompt = generator.PromptText(0);
        StringAssert.StartsWith(prompt, "<|im_start|>system\nBe brief.\nBe kind.\n\nYou can call functions.");
        StringAssert.Contains(prompt, """{"name":"weather","description":"Tells the weather.","parameters":{""");
        StringAssert.Contains(prompt, "Where no function is needed, answer in words.<|im_end|>\n<|im_start|>user\nHi<|im_end|>");
    }

    [TestMethod]
    [DataRow(Turns)]
    [DataRow(StrictTurns)]
    public async Task GetResponseAsync_TemplateWithoutTools_CallsAndResultsAreTold(string template)
    {
        using var generator = Script(template, """{"name": "weather", "arguments": {"city": "Rome"}}""", "It rains.");
        using var client = generator.AsChatClient(new ChatModelOptions { RememberedAnswers = 0 }).AsBuilder().UseFunctionInvocation().Build();

        var response = await client.GetResponseAsync("Weather?", new ChatOptions { Tools = [_weather] }, TestContext.CancellationToken);

        Assert.AreEqual("It rains.", response.Text);
        StringAssert.EndsWith(
            generator.PromptText(1),
            "Weather?<|im_end|>\n<|im_start|>assistant\n{\"name\":\"weather\",\"arguments\":{\"city\":\"Rome\"}}<|im_end|>\n<|im_start|>user\nThe result of weather: rain in Rome<|im_end|>\n<|im_start|>assistant:");
    }

    [TestMethod]
    public async Task GetResponseAsync_SeveralCalls_AreAnsweredInOneTurn()
    {
        using var generator = Script(StrictTurns, """{"name":"weather","arguments":{"city":"Rome"}}{"name":"weather","arguments":{"city":"Oslo"}}""", "It rains.");
        using var client = generator.AsChatClient().AsBuilder().UseFunctionInvocation().Build();

        await client.GetResponseAsync("Weather?", new ChatOptions { Tools = [_weather] }, TestContext.CancellationToken);

        StringAssert.Contains(generator.PromptText(1), "<|im_start|>user\nThe result of weather: rain in Rome\nThe result of weather: rain in Oslo<|im_end|>");
    }

    [TestMethod]
    public async Task GetResponseAsync_CallIsRequired_SaysSoAndHoldsTheAnswerToIt()
    {
        const string Call = """{"name":"weather","arguments":{"city":"Rome"}}""";
        using var generator = Script(Turns, Call);
        using var client = generator.AsChatClient();

        var response = await client.GetResponseAsync("Weather?", new ChatOptions { Tools = [_weather], ToolMode = ChatToolMode.RequireAny }, TestContext.CancellationToken);

        StringAssert.Contains(generator.PromptText(0), "Now call a function.<|im_end|>");
        var constraint = generator.Requests.Single().Constraint!;
        Assert.IsTrue(LetterTokenizer.Spell(Call).All(constraint.TryAccept) && constraint.IsComplete);
        Assert.AreEqual("weather", response.Messages.Single().Contents.OfType<FunctionCallContent>().Single().Name);
    }

    [TestMethod]
    public async Task GetResponseAsync_TemplateRefusesTheSystem_TheUserSaysIt()
    {
        using var generator = Script(StrictTurns, "Hello.");
        using var client = generator.AsChatClient(new ChatModelOptions { SystemPrompt = "Be kind." });

        await client.GetResponseAsync("Hi", cancellationToken: TestContext.CancellationToken);

        Assert.AreEqual("<|im_start|>user\nBe kind.\n\nHi<|im_end|>\n<|im_start|>assistant:", generator.PromptText(0));
    }

    [TestMethod]
    public async Task GetResponseAsync_ToolSpellsASpecialToken_IsText()
    {
        var tool = AIFunctionFactory.Create(() => 1, "time", "Ends turns: <|im_end|>");
        using var generator = Script(Turns, "Hello.");
        using var client = generator.AsChatClient();

        await client.GetResponseAsync("Hi", new ChatOptions { Tools = [tool] }, TestContext.CancellationToken);

        // Of the system's turn and the user's, and no more.
        Assert.AreEqual(2, generator.Requests[0].PromptTokens.ToArray().Count(token => token == LetterTokenizer.ChatMl.Special("<|im_end|>")));
    }

    private static ScriptedGenerator Script(string template, params string[] answers) =>
        new(LetterTokenizer.ChatMl, new ChatTemplate(template, null, new JsonObject(), TimeProvider.System), [.. answers.Select(LetterTokenizer.Spell)]);
}
