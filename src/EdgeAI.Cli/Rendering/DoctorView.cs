using EdgeAI.Cli.Output;
using Spectre.Console;

namespace EdgeAI.Cli.Rendering;

/// <summary>Findings, for people.</summary>
internal static class DoctorView
{
    public static void Render(IAnsiConsole console, DoctorReport report)
    {
        var table = Tables.Create("", "Check", "Found");
        foreach (var check in report.Checks)
        {
            var verdict = check.Ok ? new Text("ok", new Style(Color.Green)) : new Text("FAIL", new Style(Color.Red, decoration: Decoration.Bold));
            table.AddRow(verdict, new Text(check.Name), new Text(check.Fix is null ? check.Message : $"{check.Message}\nFix: {check.Fix}"));
        }

        console.Write(table);
    }
}
