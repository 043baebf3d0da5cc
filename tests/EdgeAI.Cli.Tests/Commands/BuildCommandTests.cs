namespace EdgeAI.Cli.Tests.Commands;

[TestClass]
public sealed class BuildCommandTests
{
    [TestMethod]
    public async Task Build_TrainedLlama_ReportsWhatItMade()
    {
        var source = SharedData.Require("models/llama-260k");
        using var folder = new TemporaryFolder();

        var run = await ToolRun.RunAsync("build", source, folder.PathOf("model"), "--precision", "int8", "--json");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.AreEqual(folder.PathOf("model"), run.Json.GetProperty("output").GetString());
        Assert.AreEqual(260_032, run.Json.GetProperty("parameters").GetInt64());
        Assert.AreEqual("int8", run.Json.GetProperty("precision").GetString());
        Assert.IsLessThan(0.01, run.Json.GetProperty("weightError").GetDouble());
        Assert.IsGreaterThan(0, run.Json.GetProperty("seconds").GetDouble());
        Assert.IsGreaterThan(1 << 20, run.Json.GetProperty("peakMemoryBytes").GetInt64());
        var written = new FileInfo(folder.PathOf("model/model.onnx.data")).Length + new FileInfo(folder.PathOf("model/model.onnx")).Length;
        Assert.IsInRange(1, written, run.Json.GetProperty("weightBytes").GetInt64());
    }

    /// <summary>5 layers of 4 heads of 8 channels, filled up to 16: 640 keys and values.</summary>
    [TestMethod]
    [DataRow("float32", 2560)]
    [DataRow("int8", 640)]
    public async Task Build_KeyValueCache_ReportsItAndGeneratesWithIt(string cache, int bytesPerToken)
    {
        var source = SharedData.Require("models/llama-260k");
        using var folder = new TemporaryFolder();

        var run = await ToolRun.RunAsync("build", source, folder.PathOf("model"), "--precision", "fp32", "--kv-cache", cache, "--json");
        var answer = await ToolRun.RunAsync("generate", folder.PathOf("model"), "--tokens", "1", "--max-tokens", "8", "--greedy", "--json");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.AreEqual(cache, run.Json.GetProperty("keyValueCache").GetString());
        Assert.AreEqual(bytesPerToken, run.Json.GetProperty("cacheBytesPerToken").GetInt64());
        Assert.AreEqual(0, answer.ExitCode, answer.Error);
        Assert.AreEqual(8, answer.Json.GetProperty("tokens").GetArrayLength());
    }

    [TestMethod]
    public async Task Build_CalibrationWithoutTokenizer_IsExplainedAndLeavesNothing()
    {
        var source = SharedData.Require("models/llama-260k");
        using var folder = new TemporaryFolder().With("text.txt", "some text");

        var run = await ToolRun.RunAsync("build", source, folder.PathOf("model"), "--kv-cache", "int8", "--calibration", folder.PathOf("text.txt"));

        Assert.AreEqual(1, run.ExitCode);
        Assert.Contains("no tokenizer", run.Explanation());
        CollectionAssert.AreEqual(new[] { "text.txt" }, folder.FileNames);
    }

    [TestMethod]
    public async Task Build_CalibrationOfAFloatCache_IsWrongUsage()
    {
        using var folder = new TemporaryFolder();

        var run = await ToolRun.RunAsync("build", folder.Path, folder.PathOf("model"), "--calibration", "text.txt");

        Assert.AreEqual(2, run.ExitCode);
        Assert.Contains("--kv-cache int8", run.Explanation());
    }

    [TestMethod]
    public async Task Build_ForPeople_NamesTheFolder()
    {
        var source = SharedData.Require("models/llama-260k");
        using var folder = new TemporaryFolder();

        var run = await ToolRun.RunAsync("build", source, folder.PathOf("model"), "--precision", "fp32");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.Contains("260,032 parameters", run.Output);
        Assert.AreEqual("", run.Error);
    }

    [TestMethod]
    public async Task Build_FolderOfSomebodyElse_IsRefusedAndLeftAlone()
    {
        var source = SharedData.Require("models/llama-260k");
        using var folder = new TemporaryFolder().With("model/notes.txt", "mine");

        var run = await ToolRun.RunAsync("build", source, folder.PathOf("model"), "--json");

        Assert.AreEqual(1, run.ExitCode);
        Assert.Contains("notes.txt", run.Json.GetProperty("error").GetString()!);
        CollectionAssert.AreEqual(new[] { Path.Combine("model", "notes.txt") }, folder.FileNames);
    }

    [TestMethod]
    public async Task Build_MissingSource_IsExplainedInOneLine()
    {
        using var folder = new TemporaryFolder();

        var run = await ToolRun.RunAsync("build", folder.PathOf("none"), folder.PathOf("model"));

        Assert.AreEqual(1, run.ExitCode);
        Assert.Contains("none", run.Explanation());
        Assert.IsEmpty(folder.FileNames);
    }

    [TestMethod]
    [DataRow("--precision", "int3")]
    [DataRow("--block-size", "48")]
    [DataRow("--output-bits", "16")]
    [DataRow("--int8-layers", "1,x")]
    [DataRow("--context", "0")]
    [DataRow("--kv-cache", "int4")]
    public async Task Build_OptionOutOfRange_IsWrongUsage(string option, string value)
    {
        using var folder = new TemporaryFolder();

        var run = await ToolRun.RunAsync("build", folder.Path, folder.PathOf("model"), option, value);

        Assert.AreEqual(2, run.ExitCode);
        Assert.Contains(value, run.Explanation());
    }
}
