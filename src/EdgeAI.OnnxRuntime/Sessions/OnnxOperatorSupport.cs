using System.Collections.Frozen;
using EdgeAI.Devices;

namespace EdgeAI.OnnxRuntime;

/// <summary>Which operator sets ONNX Runtime knows, so that a model can be judged without loading it. Pure and thread-safe.</summary>
public static class OnnxOperatorSupport
{
    /// <summary>
    /// The newest version of each domain that ONNX Runtime 1.31 takes, as it says itself when asked for a newer one; a test asks it again.
    /// Domains that exist only for execution providers compiled into other builds are not among them.
    /// </summary>
    internal static FrozenDictionary<string, long> NewestVersions { get; } = new Dictionary<string, long>(StringComparer.Ordinal)
    {
        [""] = 26,
        ["ai.onnx.ml"] = 5,
        ["ai.onnx.training"] = 1,
        ["ai.onnx.preview"] = 1,
        ["ai.onnx.preview.training"] = 1,
        ["com.microsoft"] = 1,
        ["com.microsoft.experimental"] = 1,
        ["com.microsoft.nchwc"] = 1,
        ["com.ms.internal.nhwc"] = 26,
        ["org.pytorch.aten"] = 1,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Judges a model by its domains and their versions. Whether each operator exists in them, ONNX Runtime finds out when it loads the model.</summary>
    /// <returns><see cref="DeviceSupport.Full"/>, or none with the first operator that is unknown as <see cref="DeviceSupport.UnknownOperator"/> and all of them in the reason.</returns>
    public static DeviceSupport Evaluate(ModelDescriptor model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var problems = model.Operators.Select(o => (Operator: o, Problem: FindProblem(o))).Where(p => p.Problem is not null).ToArray();
        if (problems.Length == 0) return DeviceSupport.Full;
        return DeviceSupport.None(string.Join("; ", problems.Select(p => p.Problem).Distinct())) with { UnknownOperator = problems[0].Operator.QualifiedName };
    }

    private static string? FindProblem(OperatorUse used)
    {
        if (!NewestVersions.TryGetValue(used.Domain, out var newest))
        {
            return $"operator {used.QualifiedName} is of a domain that ONNX Runtime does not know; it may be a custom operator, which needs its library";
        }

        return used.OpsetVersion > newest
            ? $"the model asks for opset {used.OpsetVersion} of {(used.Domain.Length == 0 ? "ai.onnx" : used.Domain)}, and ONNX Runtime {OnnxRuntimeLibrary.ExpectedVersion} knows up to {newest}; export it again with opset {newest} or lower"
            : null;
    }
}
