namespace EdgeAI.Cli.Tests.Commands;

[TestClass]
public sealed class UsageTests
{
    [TestMethod]
    [DataRow("devices --system-root ")]
    [DataRow("devices --system-root . --profile")]
    [DataRow("devices --system-root . --full")]
    [DataRow("devices --plot picture.gif")]
    [DataRow("explain")]
    [DataRow("explain m.onnx --shape x")]
    [DataRow("inspect ")]
    [DataRow("run m.onnx -o ")]
    [DataRow("unknown")]
    [DataRow("inspect")]
    [DataRow("inspect m.onnx extra")]
    [DataRow("inspect --no-such-option m.onnx")]
    [DataRow("run m.onnx")]
    [DataRow("run m.onnx -o out -i x")]
    [DataRow("run m.onnx -o out -i =x.npy")]
    [DataRow("run m.onnx -o out -i x=")]
    [DataRow("run m.onnx -o out -i x=a.npy -i x=b.npy")]
    [DataRow("bench m.onnx --scenario server")]
    [DataRow("bench m.onnx --concurrency 0")]
    [DataRow("bench m.onnx --concurrency many")]
    [DataRow("bench m.onnx --duration 0")]
    [DataRow("bench m.onnx --duration -1")]
    [DataRow("bench m.onnx --duration NaN")]
    [DataRow("bench m.onnx --scenario server --rate -1")]
    [DataRow("bench m.onnx --scenario server --rate 0")]
    [DataRow("bench m.onnx --scenario server --rate many")]
    [DataRow("bench m.onnx --scenario server --rate 1000000 --duration 60")]
    [DataRow("bench m.onnx --scenario server --rate 1 --concurrency 2")]
    [DataRow("bench m.onnx --scenario multi-stream --concurrency 2")]
    [DataRow("bench m.onnx --rate 10")]
    [DataRow("bench m.onnx --samples 8")]
    [DataRow("bench m.onnx --scenario multi-stream --samples 0")]
    [DataRow("bench m.onnx --deadline 0")]
    [DataRow("bench m.onnx --settle -1")]
    [DataRow("bench m.onnx --seed x")]
    [DataRow("bench m.onnx --goal speed")]
    [DataRow("bench m.onnx --goal 1")]
    [DataRow("bench m.onnx --wait sometimes")]
    [DataRow("bench m.onnx --batch-axis x")]
    [DataRow("bench m.onnx --batch-axis x=-1")]
    [DataRow("bench m.onnx --batch-axis x=0 --batch-axis x=1")]
    [DataRow("bench m.onnx --batching 0")]
    [DataRow("bench m.onnx --plot curve.gif")]
    [DataRow("bench m.onnx --plot no/such/folder/curve.svg")]
    [DataRow("bench m.onnx --plot ")]
    [DataRow("bench m.onnx --plot curve.svg --concurrency 2")]
    [DataRow("bench m.onnx --batching 65537")]
    [DataRow("bench m.onnx --batching sometimes")]
    [DataRow("bench m.onnx --shape x")]
    [DataRow("bench m.onnx --shape x=1 --shape x=2")]
    public async Task Run_WrongUsage_ReturnsTwoAndOneLine(string commandLine)
    {
        var run = await ToolRun.RunAsync(commandLine.Split(' '));

        Assert.AreEqual(2, run.ExitCode, run.Error);
        Assert.AreEqual("", run.Output);
        Assert.Contains("--help", run.Explanation());
    }

    [TestMethod]
    public async Task Run_NoVerb_IsWrongUsage() => Assert.AreEqual(2, (await ToolRun.RunAsync()).ExitCode);

    [TestMethod]
    public async Task Run_WrongUsageWithJson_WritesOneObject()
    {
        var run = await ToolRun.RunAsync("bench", "m.onnx", "--rate", "8", "--json");

        Assert.AreEqual(2, run.ExitCode);
        Assert.Contains("--rate belongs to --scenario server", run.Json.GetProperty("error").GetString()!);
    }

    [TestMethod]
    [DataRow("--help")]
    [DataRow("bench --help")]
    [DataRow("--version")]
    public async Task Run_HelpAndVersion_ReturnZero(string commandLine)
    {
        var run = await ToolRun.RunAsync(commandLine.Split(' '));

        Assert.AreEqual(0, run.ExitCode);
        Assert.AreNotEqual("", run.Output);
        Assert.AreEqual("", run.Error);
    }
}
