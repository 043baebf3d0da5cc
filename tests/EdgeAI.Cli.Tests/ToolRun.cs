using System.Text.Json;

namespace EdgeAI.Cli.Tests;

/// <summary>One call of the tool in this process.</summary>
internal sealed record ToolRun(int ExitCode, string Output, string Error)
{
    /// <summary>What stdout holds, which must be one JSON object and nothing else.</summary>
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    public static Task<ToolRun> RunAsync(params string[] args) => RunAsync(args, CancellationToken.None);

    public static async Task<ToolRun> RunAsync(string[] args, CancellationToken cancellationToken)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await EdgeAITool.RunAsync(args, output, error, TimeProvider.System, cancellationToken);
        return new ToolRun(exitCode, output.ToString(), error.ToString());
    }

    /// <summary>The one line that explains a failure.</summary>
    public string Explanation()
    {
        Assert.EndsWith(Environment.NewLine, Error);
        var line = Error[..^Environment.NewLine.Length];
        Assert.DoesNotContain('\n', line);
        Assert.DoesNotContain("   at ", line);
        return line;
    }
}
