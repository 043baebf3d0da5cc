using System.Text.Json;

namespace EdgeAI.Cli.Tests.Commands;

/// <summary>The verb on a trained model, built at full precision: the tokens are known.</summary>
[TestClass]
public sealed class GenerateCommandTests
{
    [TestMethod]
    public async Task Generate_TrainedLlama_GivesTheGoldenTokens()
    {
        using var folder = await BuildAsync();
        using var golden = JsonDocument.Parse(await File.ReadAllTextAsync(SharedData.Require("models/llama-260k/golden.json")));

        var run = await ToolRun.RunAsync("generate", folder.PathOf("model"), "--tokens", "1", "--max-tokens", "128", "--greedy", "--repeat", "2", "--json");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        CollectionAssert.AreEqual(Integers(golden.RootElement.GetProperty("tokens")), Integers(run.Json.GetProperty("tokens")));
        Assert.AreEqual("length", run.Json.GetProperty("finishReason").GetString());
        Assert.AreEqual(JsonValueKind.Null, run.Json.GetProperty("text").ValueKind);
        Assert.AreEqual(1, run.Json.GetProperty("promptTokens").GetInt32());
        Assert.IsGreaterThan(0, run.Json.GetProperty("decodeTokensPerSecond").GetDouble());
    }

    [TestMethod]
    public async Task Generate_ForPeopleWithSeed_ShowsTheSameTokensAgainAndTheSpeed()
    {
        using var folder = await BuildAsync();
        string[] line = ["generate", folder.PathOf("model"), "--tokens", "1", "--max-tokens", "12", "--temperature", "1.5", "--seed", "3"];

        var (first, second) = (await ToolRun.RunAsync(line), await ToolRun.RunAsync(line));

        Assert.AreEqual(0, first.ExitCode, first.Error);
        var tokens = first.Output.Split('\n')[0];
        Assert.HasCount(12, tokens.Split(' '));
        Assert.AreEqual(tokens, second.Output.Split('\n')[0]);
        Assert.Contains("12 tokens", first.Output);
        Assert.Contains("First token after", first.Output);
    }

    [TestMethod]
    [DataRow("99999", "--tokens", "1,99999")]
    [DataRow("no tokenizer", "--prompt", "hello")]
    [DataRow("no room", "--tokens", "1,2,3", "--context", "3")]
    public async Task Generate_PromptThatDoesNotFit_IsExplained(string reason, params string[] options)
    {
        using var folder = await BuildAsync();

        var run = await ToolRun.RunAsync(["generate", folder.PathOf("model"), .. options]);

        Assert.AreEqual(1, run.ExitCode);
        Assert.Contains(reason, run.Explanation());
    }

    private static async Task<TemporaryFolder> BuildAsync()
    {
        var source = SharedData.Require("models/llama-260k");
        var folder = new TemporaryFolder();
        var run = await ToolRun.RunAsync("build", source, folder.PathOf("model"), "--precision", "fp32");
        Assert.AreEqual(0, run.ExitCode, run.Error);
        return folder;
    }

    private static int[] Integers(JsonElement list) => [.. list.EnumerateArray().Select(item => item.GetInt32())];
}
