using EdgeAI.Cli.Output;
using Spectre.Console;

namespace EdgeAI.Cli.Rendering;

/// <summary>One run, for people.</summary>
internal static class RunView
{
    public static void Render(IAnsiConsole console, RunReport report)
    {
        var outputs = Tables.Create("Output", "Type and shape", "File");
        foreach (var output in report.Outputs) outputs.Row(output.Name, $"{output.Type} [{string.Join(',', output.Shape)}]", Path.GetFileName(output.File));
        console.Write(outputs);
        console.Write(new Text($"Ran on {report.Device} in {Quantities.Significant(report.ExecutedMs)} ms after {Quantities.Significant(report.QueuedMs)} ms in the queue.\n"));
    }
}
