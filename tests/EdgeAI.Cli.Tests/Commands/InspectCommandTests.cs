using System.Text.Json;

namespace EdgeAI.Cli.Tests.Commands;

[TestClass]
public sealed class InspectCommandTests
{
    [TestMethod]
    public async Task Inspect_SmallModel_DescribesIt()
    {
        using var folder = new TemporaryFolder();

        var run = await ToolRun.RunAsync("inspect", TestModels.WriteDoubling(folder), "--json");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.AreEqual("""[{"name":"x","type":"float32","shape":["n",3]}]""", run.Json.GetProperty("inputs").GetRawText());
        Assert.AreEqual("""[{"name":"out/y:0","type":"float32","shape":["n",3]}]""", run.Json.GetProperty("outputs").GetRawText());
        Assert.AreEqual(17, run.Json.GetProperty("opset").GetInt32());
        Assert.AreEqual(8, run.Json.GetProperty("irVersion").GetInt32());
        Assert.AreEqual(0, run.Json.GetProperty("parameters").GetInt64());
        Assert.AreEqual("""{"Add":1}""", run.Json.GetProperty("operators").GetRawText());
        Assert.AreEqual("""{"possible":true,"reason":"rows stay apart through its one node"}""", run.Json.GetProperty("batching").GetRawText());
    }

    [TestMethod]
    public async Task Inspect_ForPeople_ShowsTheSignature()
    {
        using var folder = new TemporaryFolder();

        var run = await ToolRun.RunAsync("inspect", TestModels.WriteDoubling(folder));

        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.Contains("float32 [n,3]", run.Output);
        Assert.Contains("operator set 17", run.Output);
        Assert.Contains("Batching: possible, rows stay apart", run.Output);
    }

    [TestMethod]
    public async Task Inspect_ResNet_CountsItsOperators()
    {
        var run = await ToolRun.RunAsync("inspect", SharedData.Require("models/light/light_resnet50.onnx"), "--json");

        Assert.AreEqual(53, run.Json.GetProperty("operators").GetProperty("Conv").GetInt32());
        Assert.AreEqual("gpu_0/data_0", run.Json.GetProperty("inputs")[0].GetProperty("name").GetString());
        Assert.AreEqual("""{"possible":false,"reason":"input 'gpu_0/data_0' has the fixed length 1 on axis 0"}""", run.Json.GetProperty("batching").GetRawText());
    }

    [TestMethod]
    public async Task Inspect_Silero_HasUnnamedDynamicAxesAndAScalar()
    {
        var run = await ToolRun.RunAsync("inspect", SharedData.Require("models/silero-vad/silero_vad_v5.onnx"), "--json");

        var shapes = run.Json.GetProperty("inputs").EnumerateArray().ToDictionary(input => input.GetProperty("name").GetString()!, input => input.GetProperty("shape").GetRawText());
        Assert.AreEqual("[null,null]", shapes["input"]);
        Assert.AreEqual("[2,null,128]", shapes["state"]);
        Assert.AreEqual("[]", shapes["sr"]);
    }

    [TestMethod]
    public async Task Inspect_SubgraphOverTheRows_SaysWhyItIsServedSingly()
    {
        var run = await ToolRun.RunAsync("inspect", SharedData.Require("models/silero-vad/silero_vad_v5.onnx"), "--json");

        Assert.IsFalse(run.Json.GetProperty("batching").GetProperty("possible").GetBoolean());
        Assert.Contains("(If) runs a subgraph", run.Json.GetProperty("batching").GetProperty("reason").GetString()!);
    }

    [TestMethod]
    public async Task Inspect_MissingFile_IsExplainedInOneLine()
    {
        using var folder = new TemporaryFolder();

        var run = await ToolRun.RunAsync("inspect", folder.PathOf("none.onnx"));

        Assert.AreEqual(1, run.ExitCode);
        Assert.AreEqual("", run.Output);
        Assert.Contains("none.onnx", run.Explanation());
    }

    [TestMethod]
    public async Task Inspect_NotAModelWithJson_WritesTheErrorAsAnObject()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("m.onnx", [.. "this is not a model"u8]);

        var run = await ToolRun.RunAsync("inspect", path, "--json");

        Assert.AreEqual(1, run.ExitCode);
        Assert.AreEqual(JsonValueKind.Object, run.Json.ValueKind);
        Assert.AreEqual($"edgeai: {run.Json.GetProperty("error").GetString()}", run.Explanation());
    }

    [TestMethod]
    public async Task Inspect_NamesWithTerminalCodes_AreShownWithoutThem()
    {
        using var folder = new TemporaryFolder();

        var people = await ToolRun.RunAsync("inspect", TestModels.WriteNamed(folder, "x\e[2J\n"));
        var program = await ToolRun.RunAsync("inspect", TestModels.WriteNamed(folder, "x\e[2J\n"), "--json");

        Assert.DoesNotContain('\e', people.Output);
        Assert.Contains("x [2J", people.Output);
        Assert.AreEqual("x\e[2J\n", program.Json.GetProperty("inputs")[0].GetProperty("name").GetString());
    }

    [TestMethod]
    public async Task Inspect_Verbose_ShowsWhereTheErrorCameFrom()
    {
        using var folder = new TemporaryFolder();

        var run = await ToolRun.RunAsync("inspect", folder.PathOf("none.onnx"), "--verbose");

        Assert.Contains("   at EdgeAI.", run.Error);
    }
}
