using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.OnnxRuntime;

/// <summary>What a model must be like for its runs to be captured, beyond what ONNX Runtime checks itself (no control flow, no node that copies from or to the CPU).</summary>
internal static class CapturePreconditions
{
    // Their kernels take the generator's state when they are launched: each replay would give the same numbers again.
    private static readonly string[] _random = ["RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Multinomial", "Bernoulli", "Dropout"];

    /// <summary>Why not, as a clause; <see langword="null"/> where nothing speaks against it.</summary>
    public static string? FindProblem(NativeSession session, ModelDescriptor model, OnnxGraphCapture capture)
    {
        if (model.Signature.Inputs.Concat(model.Signature.Outputs).FirstOrDefault(spec => spec.ElementType is TensorElementType.String or TensorElementType.Undefined) is { } spec) return $"'{spec.Name}' is no numeric tensor";
        if (model.Signature.Outputs.FirstOrDefault(output => !session.IsTensor(output)) is { } other) return $"output '{other.Name}' is no dense tensor";

        if (model.Operators.FirstOrDefault(use => _random.Contains(use.OpType, StringComparer.Ordinal)) is { } random) return $"{random.QualifiedName} gives the same numbers in each replay";
        if (session.Managed is not { } managed) return "its element types are not known to ONNX Runtime's managed package";
        using var inputs = managed.GetMemoryInfosForInputs();
        using var outputs = managed.GetMemoryInfosForOutputs();

        // A replay neither reads what was copied to the CPU while it was captured nor writes what the CPU computed then.
        return FindOther(inputs, managed.InputNames, capture) is { } input ? $"input '{input}' is read on the CPU"
            : FindOther(outputs, managed.OutputNames, capture) is { } output ? $"output '{output}' is computed on the CPU"
            : null;
    }

    private static string? FindOther(IReadOnlyList<OrtMemoryInfo> places, IReadOnlyList<string> names, OnnxGraphCapture capture)
    {
        for (var i = 0; i < places.Count; i++)
        {
            if (places[i].GetDeviceType() != capture.Memory.MemoryInfo.GetDeviceType() || places[i].GetDeviceMemoryType() != capture.Memory.MemoryInfo.GetDeviceMemoryType()) return names[i];
        }

        return null;
    }
}
