using EdgeAI.Cli.Output;
using Spectre.Console;

namespace EdgeAI.Cli.Rendering;

/// <summary>A model, for people.</summary>
internal static class InspectView
{
    public static void Render(IAnsiConsole console, InspectReport report)
    {
        var tensors = Tables.Create("", "Name", "Type and shape");
        foreach (var input in report.Inputs) tensors.Row("input", input.Name, input.ToString());
        foreach (var output in report.Outputs) tensors.Row("output", output.Name, output.ToString());
        console.Write(tensors);

        var operators = Tables.Create("Operator", "Count").AlignRight(1);
        foreach (var (name, count) in report.Operators) operators.Row(name, Quantities.Count(count));
        console.Write(operators);

        console.Write(new Text($"{Quantities.Count(report.Parameters)} parameters, {Quantities.Bytes(report.WeightBytes)} of weights\n"));
        console.Write(new Text($"ONNX operator set {report.Opset?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "-"}, file format version {report.IrVersion}\n"));
        console.Write(new Text($"Batching: {(report.Batching.Possible ? "possible" : "not possible")}, {PlainText.Clean(report.Batching.Reason)}\n"));
    }
}
