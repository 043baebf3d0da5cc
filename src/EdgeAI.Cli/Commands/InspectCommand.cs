using System.CommandLine;
using EdgeAI.Cli.CommandLine;
using EdgeAI.Cli.Output;
using EdgeAI.Cli.Rendering;
using EdgeAI.Onnx;

namespace EdgeAI.Cli.Commands;

/// <summary><c>edgeai inspect</c>: what a model is, read from its file alone. Needs no device and no native library.</summary>
internal static class InspectCommand
{
    public static Command Create(ToolHost host)
    {
        var model = ModelArgument.Create();
        var command = new Command("inspect", "Show a model's inputs, outputs, operators and size") { model };
        command.SetAction(arguments => host.Write(arguments, Inspect(arguments.GetRequiredValue(model)), ReportJson.Instance.InspectReport, InspectView.Render));
        return command;
    }

    private static InspectReport Inspect(string path)
    {
        using var model = OnnxModelDescriptor.Open(ModelSource.FromFile(path));
        var batching = BatchAnalysis.Analyze(model.Model);
        return new InspectReport(
            [.. model.Signature.Inputs.Select(TensorReport.From)],
            [.. model.Signature.Outputs.Select(output => Describe(output, model))],
            model.Model.OpsetImports.FirstOrDefault(import => OnnxDomains.Normalize(import.Domain) == OnnxDomains.Onnx)?.Version,
            model.Model.IrVersion,
            model.ParameterCount,
            model.WeightBytes,
            CountOperators(model),
            new BatchingReport(batching.IsPossible, batching.Reason));
    }

    // Different pairs of domain and operator may read the same, for nothing stops a model from putting points into either.
    private static Dictionary<string, int> CountOperators(OnnxModelDescriptor model)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var use in model.Operators) counts[use.QualifiedName] = counts.GetValueOrDefault(use.QualifiedName) + use.Count;
        return counts;
    }

    private static TensorReport Describe(TensorSpec output, OnnxModelDescriptor model) =>
        model.NonTensorOutputs.TryGetValue(output.Name, out var type) ? new TensorReport(output.Name, type.ToString()!, null) : TensorReport.From(output);
}
