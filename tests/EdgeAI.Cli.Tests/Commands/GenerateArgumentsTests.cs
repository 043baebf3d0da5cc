using System.CommandLine;
using EdgeAI.Cli.Commands;
using EdgeAI.Cli.Generate;

namespace EdgeAI.Cli.Tests.Commands;

[TestClass]
public sealed class GenerateArgumentsTests
{
    [TestMethod]
    public void ToOptions_Nothing_DecodesGreedilyOnceFromAnEmptyCache()
    {
        var options = Parse("folder", "--prompt", "Hello, world");

        Assert.AreEqual(("folder", "Hello, world", null), (options.Folder, options.Prompt, options.Tokens));
        Assert.AreEqual((0, 1), (options.WarmUps, options.Repeats));
        Assert.AreEqual((0f, (int?)256, false, false), (options.Generation.Temperature, options.Generation.MaxTokens, options.Generation.ReusePrefix, options.Generation.Speculate));
        Assert.AreEqual((1, 0L), (options.Model.MaxSequences, options.Model.PrefixCacheBytes));
    }

    [TestMethod]
    public void ToOptions_Everything_IsTaken()
    {
        var options = Parse(
            "folder", "--tokens", "1,22, 333", "--max-tokens", "5", "--ignore-eos", "--temperature", "0.7", "--top-k", "40", "--top-p", "0.9", "--min-p", "0.05", "--seed", "7",
            "--stop", "a", "--stop", "b", "--threads", "2", "--context", "512", "--device", "cpu:0", "--warmup", "1", "--repeat", "3");

        CollectionAssert.AreEqual(new[] { 1, 22, 333 }, options.Tokens);
        Assert.AreEqual((5, true, 0.7f, 40, 0.9f, 0.05f, 7L), (options.Generation.MaxTokens, options.Generation.IgnoreEndTokens, options.Generation.Temperature, options.Generation.TopK, options.Generation.TopP, options.Generation.MinP, options.Generation.Seed));
        CollectionAssert.AreEqual(new[] { "a", "b" }, options.Generation.StopSequences.ToArray());
        Assert.AreEqual((2, 512, "cpu:0", 1, 3), (options.Model.Threads, options.Model.ContextLength, options.Model.DeviceId, options.WarmUps, options.Repeats));
    }

    [TestMethod]
    [DataRow("--top-k", "5")]
    [DataRow("--top-p", "0.5")]
    [DataRow("--min-p", "0.5")]
    [DataRow("--seed", "5")]
    public void ToOptions_OptionOfSamplingAlone_SamplesAsTheModelSays(string option, string value) =>
        Assert.AreEqual(1f, Parse("folder", "--prompt", "x", option, value).Generation.Temperature);

    [TestMethod]
    [DataRow("either --prompt or --tokens")]
    [DataRow("either --prompt or --tokens", "--prompt", "x", "--tokens", "1")]
    [DataRow("--prompt is empty", "--prompt", "")]
    [DataRow("token ids", "--tokens", "1,x")]
    [DataRow("token ids", "--tokens", "1,-2")]
    [DataRow("token ids", "--tokens", "1,,2")]
    [DataRow("--greedy does not sample", "--prompt", "x", "--greedy", "--temperature", "1")]
    [DataRow("--greedy does not sample", "--prompt", "x", "--greedy", "--top-k", "1")]
    [DataRow("--temperature must be", "--prompt", "x", "--temperature", "101")]
    [DataRow("--top-p must be", "--prompt", "x", "--top-p", "0")]
    [DataRow("--repeat must be", "--prompt", "x", "--repeat", "0")]
    public async Task Generate_WrongUsage_IsExplained(string reason, params string[] options)
    {
        var run = await ToolRun.RunAsync(["generate", "folder", .. options]);

        Assert.AreEqual(2, run.ExitCode);
        StringAssert.Contains(run.Explanation(), reason, StringComparison.Ordinal);
    }

    [TestMethod]
    public async Task Generate_NoSuchFolder_IsExplained()
    {
        var run = await ToolRun.RunAsync("generate", "/no/such/folder", "--tokens", "1", "--json");

        Assert.AreEqual(1, run.ExitCode);
        StringAssert.Contains(run.Explanation(), "/no/such/folder", StringComparison.Ordinal);
        StringAssert.Contains(run.Json.GetProperty("error").GetString(), "/no/such/folder", StringComparison.Ordinal);
    }

    private static GenerateOptions Parse(params string[] line)
    {
        var arguments = new GenerateArguments();
        var command = new Command("generate");
        arguments.AddTo(command);
        var parsed = command.Parse(line);
        Assert.IsEmpty(parsed.Errors, string.Join(' ', parsed.Errors.Select(error => error.Message)));
        return arguments.ToOptions(parsed);
    }
}
