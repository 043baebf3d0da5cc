using System.Text.Json;

namespace EdgeAI.Cli.Tests.Commands;

[TestClass]
public sealed class ExplainCommandTests
{
    [TestMethod]
    public async Task Explain_DeviceThatWasNotMeasured_SaysSoAndCountsTheModel()
    {
        using var folder = new TemporaryFolder();

        var run = await ToolRun.RunAsync("explain", TestModels.WriteDoubling(folder), "--shape", "x=5,3", "--json");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        var candidate = run.Json.GetProperty("candidates")[0];
        Assert.AreEqual("cpu:0", candidate.GetProperty("device").GetString());
        Assert.AreEqual(JsonValueKind.Null, candidate.GetProperty("predictedMs").ValueKind);
        StringAssert.Contains(candidate.GetProperty("reason").GetString(), "has not been measured");
        StringAssert.Contains(candidate.GetProperty("notes")[0].GetString(), "edgeai devices --profile");
        Assert.AreEqual("cpu:0", run.Json.GetProperty("chosen").GetString(), "the engine would run it all the same");
        Assert.AreEqual("earliest-finish", run.Json.GetProperty("policy").GetString());
        Assert.AreEqual(15, run.Json.GetProperty("cost").GetProperty("flops").GetDouble());
        Assert.AreEqual("elementwise", run.Json.GetProperty("cost").GetProperty("families")[0].GetProperty("family").GetString());
    }

    [TestMethod]
    public async Task Explain_ForPeople_ShowsTheCost()
    {
        using var folder = new TemporaryFolder();

        var run = await ToolRun.RunAsync("explain", TestModels.WriteDoubling(folder));

        Assert.AreEqual(0, run.ExitCode, run.Error);
        StringAssert.Contains(run.Output, "elementwise");
        StringAssert.Contains(run.Output, "cpu:0");
    }

    [TestMethod]
    public async Task Explain_NamedPolicy_Decides()
    {
        using var folder = new TemporaryFolder();

        var run = await ToolRun.RunAsync("explain", TestModels.WriteDoubling(folder), "--policy", "least-loaded", "--json");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.AreEqual("least-loaded", run.Json.GetProperty("policy").GetString());
        Assert.AreEqual("cpu:0", run.Json.GetProperty("chosen").GetString());
    }

    [TestMethod]
    public async Task Explain_UnknownPolicy_IsWrongUsage()
    {
        using var folder = new TemporaryFolder();

        var run = await ToolRun.RunAsync("explain", TestModels.WriteDoubling(folder), "--policy", "magic");

        Assert.AreEqual(2, run.ExitCode);
        StringAssert.Contains(run.Error, "earliest-finish");
    }

    [TestMethod]
    public async Task Explain_ShapeOfAnotherRank_IsExplained()
    {
        using var folder = new TemporaryFolder();

        var run = await ToolRun.RunAsync("explain", TestModels.WriteDoubling(folder), "--shape", "x=5");

        Assert.AreEqual(1, run.ExitCode);
        StringAssert.Contains(run.Explanation(), "2 axes, not 1");
    }
}
