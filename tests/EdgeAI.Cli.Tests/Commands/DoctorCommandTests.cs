namespace EdgeAI.Cli.Tests.Commands;

[TestClass]
public sealed class DoctorCommandTests
{
    [TestMethod]
    public async Task Doctor_ThisMachine_RunsAModel()
    {
        var run = await ToolRun.RunAsync("doctor", "--json");

        var checks = run.Json.GetProperty("checks").EnumerateArray().ToDictionary(check => check.GetProperty("name").GetString()!);
        Assert.IsTrue(checks["inference"].GetProperty("ok").GetBoolean(), run.Output);
        Assert.Contains("cpu:0", checks["inference"].GetProperty("message").GetString()!);
        Assert.IsTrue(checks["onnxruntime-version"].GetProperty("ok").GetBoolean(), run.Output);
        Assert.AreEqual(checks.Values.All(check => check.GetProperty("ok").GetBoolean()) ? 0 : 1, run.ExitCode);
    }
}
