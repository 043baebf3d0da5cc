using System.Diagnostics;
using System.Text.Json;
using EdgeAI.Cli.CommandLine;

namespace EdgeAI.Cli.Tests.Commands;

/// <summary>The tool as a process of its own: what its streams and exit code really are.</summary>
[TestClass]
public sealed class ProcessTests
{
    [TestMethod]
    public async Task Process_InspectWithJson_WritesOneObjectOnStdout()
    {
        using var folder = new TemporaryFolder();

        var (exitCode, output, error) = await StartAsync("inspect", TestModels.WriteDoubling(folder), "--json");

        Assert.AreEqual(0, exitCode, error);
        Assert.AreEqual("", error);
        Assert.AreEqual(JsonValueKind.Object, JsonDocument.Parse(output).RootElement.ValueKind);
    }

    [TestMethod]
    public async Task Process_WrongUsage_ReturnsTwo()
    {
        var (exitCode, output, error) = await StartAsync("inspect");

        Assert.AreEqual(2, exitCode);
        Assert.AreEqual("", output);
        Assert.StartsWith("edgeai: ", error);
    }

    private static async Task<(int ExitCode, string Output, string Error)> StartAsync(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ExitCode).Assembly.Location, .. args]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}
