using System.Text.Json;
using Microsoft.Extensions.AI;

namespace EdgeAI.Generation.Tests.Chat;

/// <summary>What answers are held to: asked of the constraint that the generator gets.</summary>
[TestClass]
public sealed class StructuredAnswerTests
{
    private static readonly LetterTokenizer _tokenizer = LetterTokenizer.ChatMl;
    private static readonly AIFunction _weather = AIFunctionFactory.Create((string city, int days) => city + days, "weather");
    private static readonly AIFunction _time = AIFunctionFactory.Create(() => 1, "time");
    private static readonly JsonElement _schema = JsonDocument.Parse("""{"type":"object","properties":{"x":{"$ref":"#/$defs/n"}},"required":["x"],"$defs":{"n":{"type":"integer"}}}""").RootElement;

    private readonly ChatMlTemplate _template = new();

    public TestContext TestContext { get; set; } = null!;

    [TestMethod]
    [DataRow("""{"any":["thing",1]}""", true)]
    [DataRow("""["a"]""", false)]
    [DataRow("Sure", false)]
    public async Task GetResponseAsync_Json_AllowsObjects(string answer, bool allowed) =>
        Assert.AreEqual(allowed, Allows(await ConstraintAsync(new ChatOptions { ResponseFormat = ChatResponseFormat.Json }), answer));

    [TestMethod]
    [DataRow("""{"x":12}""", true)]
    [DataRow("""{"x":"a"}""", false)]
    [DataRow("""{"y":12}""", false)]
    public async Task GetResponseAsync_JsonSchema_AllowsWhatFitsIt(string answer, bool allowed) =>
        Assert.AreEqual(allowed, Allows(await ConstraintAsync(new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(_schema) }), answer));

    [TestMethod]
    [DataRow("""{"name":"weather","arguments":{"city":"Rome","days":2}}""", true)]
    [DataRow("""{"name":"time","arguments":{}}""", true)]
    [DataRow("""{"name":"weather","arguments":{"city":2,"days":2}}""", false)]
    [DataRow("""{"name":"other","arguments":{}}""", false)]
    [DataRow("Rome", false)]
    public async Task GetResponseAsync_CallRequired_AllowsCallsOnly(string answer, bool allowed) =>
        Assert.AreEqual(allowed, Allows(await ConstraintAsync(new ChatOptions { Tools = [_weather, _time], ToolMode = ChatToolMode.RequireAny }), answer));

    [TestMethod]
    [DataRow("""{"name":"weather","arguments":{"city":"Rome","days":2}}""", false)]
    [DataRow("""{"name":"time","arguments":{}}""", true)]
    public async Task GetResponseAsync_CertainCallRequired_AllowsThatOne(string answer, bool allowed) =>
        Assert.AreEqual(allowed, Allows(await ConstraintAsync(new ChatOptions { Tools = [_weather, _time], ToolMode = ChatToolMode.RequireSpecific("time") }), answer));

    [TestMethod]
    [DataRow("""{"name":"time","arguments":{}}""", true)]
    [DataRow("""{"x":12}""", true)]
    [DataRow("""{"x":"a"}""", false)]
    public async Task GetResponseAsync_SchemaAndTools_AllowsEither(string answer, bool allowed) =>
        Assert.AreEqual(allowed, Allows(await ConstraintAsync(new ChatOptions { Tools = [_weather, _time], ResponseFormat = ChatResponseFormat.ForJsonSchema(_schema) }), answer));

    [TestMethod]
    public async Task GetResponseAsync_SameSchemaAgain_GetsAConstraintOfItsOwn()
    {
        using var generator = Script("{}", "{}");
        using var client = generator.AsChatClient();
        var options = new ChatOptions { ResponseFormat = ChatResponseFormat.Json };

        await client.GetResponseAsync("a", options, TestContext.CancellationToken);
        await client.GetResponseAsync("b", options, TestContext.CancellationToken);

        Assert.IsTrue(Allows(generator.Requests[0].Constraint!, "{}"));
        Assert.IsTrue(Allows(generator.Requests[1].Constraint!, "{}"));
    }

    [TestMethod]
    public async Task GetResponseAsync_RequiredCall_IsReadAsOne()
    {
        using var generator = Script("""{"name":"time","arguments":{}}""");
        using var client = generator.AsChatClient();

        var response = await client.GetResponseAsync("Hi", new ChatOptions { Tools = [_time], ToolMode = ChatToolMode.RequireAny }, TestContext.CancellationToken);

        Assert.AreEqual("time", response.Messages.Single().Contents.OfType<FunctionCallContent>().Single().Name);
    }

    [TestMethod]
    public async Task GetResponseAsync_ThoughtOpenedByThePrompt_IsClosedBeforeJson()
    {
        using var generator = new ScriptedGenerator(_tokenizer, new ChatMlTemplate { Opening = "<think>\n" }, LetterTokenizer.Spell("{}"));
        using var client = generator.AsChatClient();

        var response = await client.GetResponseAsync("Hi", new ChatOptions { ResponseFormat = ChatResponseFormat.Json }, TestContext.CancellationToken);

        Assert.EndsWith("<think>\n\n</think>\n\n", generator.PromptText(0));
        Assert.AreEqual("{}", response.Text);
    }

    [TestMethod]
    public async Task GetResponseAsync_SchemaThatCannotBeEnforced_IsRefused()
    {
        using var client = Script("{}").AsChatClient();
        var schema = JsonDocument.Parse("""{"$ref":"#/nowhere"}""").RootElement;

        await Assert.ThrowsExactlyAsync<GrammarException>(() => client.GetResponseAsync("Hi", new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema(schema) }, TestContext.CancellationToken));
    }

    private async Task<ITokenConstraint> ConstraintAsync(ChatOptions options)
    {
        using var generator = Script("{}");
        using var client = generator.AsChatClient();
        await client.GetResponseAsync("Hi", options, TestContext.CancellationToken);
        Assert.AreEqual("""{"enable_thinking":false}""", _template.LastVariables!.ToJsonString());
        return generator.Requests.Single().Constraint!;
    }

    private static bool Allows(ITokenConstraint constraint, string answer) => LetterTokenizer.Spell(answer).All(constraint.TryAccept) && constraint.IsComplete;

    private ScriptedGenerator Script(params string[] answers) => new(_tokenizer, _template, [.. answers.Select(LetterTokenizer.Spell)]);
}
