using System.Text.Json;

namespace EdgeAI.Cli.Tests.Commands;

[TestClass]
public sealed class TokenizeCommandTests
{
    private const string Tokenizer =
        """
        {
          "added_tokens": [{ "id": 0, "content": "<s>", "special": true, "normalized": false }],
          "normalizer": null, "pre_tokenizer": null, "decoder": { "type": "ByteLevel" },
          "post_processor": { "type": "TemplateProcessing", "single": [{ "SpecialToken": { "id": "<s>" } }, { "Sequence": { "id": "A" } }], "special_tokens": { "<s>": { "id": "<s>", "ids": [0] } } },
          "model": { "type": "BPE", "vocab": { "<s>": 0, "a": 1, "b": 2, "ab": 3 }, "merges": ["a b"] }
        }
        """;

    [TestMethod]
    public async Task Tokenize_Text_GivesTokensWithTheSpecialOnes()
    {
        using var folder = new TemporaryFolder().With("tokenizer.json", Tokenizer);

        var run = await ToolRun.RunAsync("tokenize", folder.Path, "--text", "abb", "--json");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        var result = run.Json.GetProperty("results").EnumerateArray().Single();
        CollectionAssert.AreEqual(new[] { 0, 3, 2 }, Tokens(result));
        Assert.AreEqual("<s>abb", result.GetProperty("decoded").GetString());
    }

    [TestMethod]
    public async Task Tokenize_LinesWithoutSpecialTokens_GivesOneResultALine()
    {
        using var folder = new TemporaryFolder().With("tokenizer.json", Tokenizer).With("lines.txt", "\"ab\"\n\"\"\n\"\\u0061\"\n");

        var run = await ToolRun.RunAsync("tokenize", folder.Path, "--lines", folder.PathOf("lines.txt"), "--no-special", "--json");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        var results = run.Json.GetProperty("results").EnumerateArray().ToArray();
        Assert.HasCount(3, results);
        CollectionAssert.AreEqual(new[] { 3 }, Tokens(results[0]));
        CollectionAssert.AreEqual(Array.Empty<int>(), Tokens(results[1]));
        CollectionAssert.AreEqual(new[] { 1 }, Tokens(results[2]));
    }

    [TestMethod]
    public async Task Tokenize_Tokens_AreDecoded()
    {
        using var folder = new TemporaryFolder().With("tokenizer.json", Tokenizer);

        var run = await ToolRun.RunAsync("tokenize", folder.Path, "--tokens", "3,2", "--json");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.AreEqual("abb", run.Json.GetProperty("results")[0].GetProperty("decoded").GetString());
    }

    [TestMethod]
    public async Task Tokenize_ForPeople_ShowsTokens()
    {
        using var folder = new TemporaryFolder().With("tokenizer.json", Tokenizer);

        var run = await ToolRun.RunAsync("tokenize", folder.Path, "--text", "abb");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        StringAssert.Contains(run.Output, "0 3 2");
    }

    [TestMethod]
    [DataRow(2, "one of --text", "--text", "a", "--tokens", "1")]
    [DataRow(2, "one of --text")]
    [DataRow(2, "whole numbers", "--tokens", "1,x")]
    [DataRow(1, "outside the vocabulary", "--tokens", "99")]
    [DataRow(1, "no-such-file", "--lines", "no-such-file")]
    public async Task Tokenize_WrongArguments_AreExplained(int exitCode, string explanation, params string[] arguments)
    {
        using var folder = new TemporaryFolder().With("tokenizer.json", Tokenizer);

        var run = await ToolRun.RunAsync(["tokenize", folder.Path, .. arguments]);

        Assert.AreEqual(exitCode, run.ExitCode, run.Error);
        StringAssert.Contains(run.Explanation(), explanation);
    }

    [TestMethod]
    public async Task Tokenize_LineThatIsNoString_IsNamed()
    {
        using var folder = new TemporaryFolder().With("tokenizer.json", Tokenizer).With("lines.txt", "\"a\"\n5\n");

        var run = await ToolRun.RunAsync("tokenize", folder.Path, "--lines", folder.PathOf("lines.txt"));

        Assert.AreEqual(1, run.ExitCode);
        StringAssert.Contains(run.Explanation(), "line 2");
    }

    [TestMethod]
    public async Task Tokenize_FolderWithoutTokenizer_IsExplained()
    {
        using var folder = new TemporaryFolder();

        var run = await ToolRun.RunAsync("tokenize", folder.Path, "--text", "a");

        Assert.AreEqual(1, run.ExitCode);
        StringAssert.Contains(run.Explanation(), "no tokenizer.json");
    }

    private static int[] Tokens(JsonElement result) => [.. result.GetProperty("tokens").EnumerateArray().Select(token => token.GetInt32())];
}
