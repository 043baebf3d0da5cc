namespace EdgeAI.Cli.Tests.Commands;

[TestClass]
public sealed class DoctorCommandTests
{
    [TestMethod]
    public async Task Doctor_ThisMachine_RunsAModel()
    {
        var run = await ToolRun.RunAsync("doctor", "--json");

        var checks = run.Json.GetProperty("checks").EnumerateArray().GroupBy(check => check.GetProperty("name").GetString()!).ToDictionary(group => group.Key, group => group.First());
        Assert.IsTrue(checks["inference"].GetProperty("ok").GetBoolean(), run.Output);
        Assert.Contains("cpu:0", checks["inference"].GetProperty("message").GetString()!);
        Assert.IsTrue(checks["onnxruntime-version"].GetProperty("ok").GetBoolean(), run.Output);
        Assert.IsTrue(checks.ContainsKey("cuda"), run.Output);
        Assert.AreEqual(run.Json.GetProperty("checks").EnumerateArray().All(check => check.GetProperty("ok").GetBoolean()) ? 0 : 1, run.ExitCode);
    }
}
