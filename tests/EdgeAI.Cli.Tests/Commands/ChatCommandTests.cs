namespace EdgeAI.Cli.Tests.Commands;

[TestClass]
public sealed class ChatCommandTests
{
    [TestMethod]
    public async Task Chat_NoFolder_IsWrongUsage()
    {
        var run = await ToolRun.RunAsync("chat");

        Assert.AreEqual(2, run.ExitCode);
    }

    [TestMethod]
    [DataRow("--max-tokens", "0")]
    [DataRow("--temperature", "-1")]
    [DataRow("--top-p", "2")]
    [DataRow("--threads", "x")]
    public async Task Chat_ValueOutOfRange_IsWrongUsage(string option, string value)
    {
        var run = await ToolRun.RunAsync("chat", "model", option, value);

        Assert.AreEqual(2, run.ExitCode);
        Assert.Contains(option, run.Explanation());
    }

    [TestMethod]
    public async Task Chat_FolderWithoutAModel_IsExplained()
    {
        using var folder = new TemporaryFolder();

        var run = await ToolRun.RunAsync("chat", folder.Path, "--json");

        Assert.AreEqual(1, run.ExitCode);
        Assert.Contains("genai_config.json", run.Json.GetProperty("error").GetString()!);
    }
}
