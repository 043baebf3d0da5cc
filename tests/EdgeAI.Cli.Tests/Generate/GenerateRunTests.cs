using EdgeAI.Cli.CommandLine;
using EdgeAI.Cli.Generate;
using EdgeAI.Generation;
using Microsoft.Extensions.Time.Testing;

namespace EdgeAI.Cli.Tests.Generate;

[TestClass]
public sealed class GenerateRunTests
{
    private readonly FakeTimeProvider _time = new();

    [TestMethod]
    public async Task RunAsync_OneAnswer_MeasuresPrefillAndDecode()
    {
        using var generator = new ScriptedGenerator(_time, new ScriptedGenerator.Answer([7, 8, 9], 100, 25));

        var report = await new GenerateRun(generator, Options(tokens: [1, 2, 3, 4, 5]), _time).RunAsync(_ => { }, CancellationToken.None);

        CollectionAssert.AreEqual(new[] { 7, 8, 9 }, report.Tokens.ToArray());
        Assert.AreEqual((5, 100.0, 50.0, 40.0, "length"), (report.PromptTokens, report.TimeToFirstTokenMs, report.PrefillTokensPerSecond, report.DecodeTokensPerSecond, report.FinishReason));
        Assert.IsNull(report.Text, "there is no tokenizer");
    }

    [TestMethod]
    public async Task RunAsync_WarmUpsAndRepeats_GivesTheFirstAnswerAndMediansOfTheMeasuredOnes()
    {
        using var generator = new ScriptedGenerator(
            _time, new([90, 90], 5000, 5000), new([1, 2], 100, 10), new([1, 2], 400, 40), new([1, 2], 200, 20), new([1, 2], 300, 25)) { Tokenizer = new CharTokenizer() };
        var heard = new List<int>();

        var report = await new GenerateRun(generator, Options(tokens: [1, 2], warmUps: 1, repeats: 4), _time).RunAsync(token => heard.Add(token.Id), CancellationToken.None);

        Assert.AreEqual(250.0, report.TimeToFirstTokenMs);
        Assert.AreEqual((10.0 + (2 / 0.3)) / 2, report.PrefillTokensPerSecond!.Value, 1e-9);
        Assert.AreEqual(45.0, report.DecodeTokensPerSecond);
        Assert.AreEqual("<1><2>", report.Text);
        CollectionAssert.AreEqual(new[] { 1, 2 }, heard, "the first measured answer, live");
    }

    [TestMethod]
    public async Task RunAsync_TooFewTokens_HasNoRates()
    {
        using var generator = new ScriptedGenerator(_time, new([7], 10, 0, FinishReason.StopSequence), new([], 0, 0, FinishReason.EndToken));

        var one = await new GenerateRun(generator, Options(tokens: [1]), _time).RunAsync(_ => { }, CancellationToken.None);
        var none = await new GenerateRun(generator, Options(tokens: [1]), _time).RunAsync(_ => { }, CancellationToken.None);

        Assert.AreEqual((10.0, 100.0, null, "stop"), (one.TimeToFirstTokenMs, one.PrefillTokensPerSecond, one.DecodeTokensPerSecond, one.FinishReason));
        Assert.AreEqual((null, null, null, "stop"), (none.TimeToFirstTokenMs, none.PrefillTokensPerSecond, none.DecodeTokensPerSecond, none.FinishReason));
    }

    [TestMethod]
    public async Task RunAsync_TokensAndText_TokensAreTakenExactlyAndTextIsEncoded()
    {
        using var generator = new ScriptedGenerator(_time, new([7], 1, 1), new([7], 1, 1)) { Tokenizer = new CharTokenizer() };

        await new GenerateRun(generator, Options(tokens: [5, 6]), _time).RunAsync(_ => { }, CancellationToken.None);
        await new GenerateRun(generator, Options(prompt: "ab"), _time).RunAsync(_ => { }, CancellationToken.None);

        CollectionAssert.AreEqual(new[] { 5, 6 }, generator.Requests[0].PromptTokens.ToArray());
        CollectionAssert.AreEqual(new[] { 1, 'a', 'b' }, generator.Requests[1].PromptTokens.ToArray());
    }

    [TestMethod]
    public async Task RunAsync_TextWithoutTokenizer_SaysWhatToGive()
    {
        using var generator = new ScriptedGenerator(_time);

        var error = await Assert.ThrowsAsync<ToolException>(() => new GenerateRun(generator, Options(prompt: "ab"), _time).RunAsync(_ => { }, CancellationToken.None));

        StringAssert.Contains(error.Message, "--tokens", StringComparison.Ordinal);
    }

    private static GenerateOptions Options(int[]? tokens = null, string? prompt = null, int warmUps = 0, int repeats = 1) =>
        new() { Folder = "model", Tokens = tokens, Prompt = prompt, Generation = GenerationOptions.Default, Model = new TextGeneratorOptions(), WarmUps = warmUps, Repeats = repeats };
}
