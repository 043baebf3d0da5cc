using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>Derives what a caller must give and gets from the graph's declarations.</summary>
internal static class SignatureBuilder
{
    /// <summary>The signature. Inputs with a default among the initializers are not asked for, unless they are named.</summary>
    /// <exception cref="ModelLoadException">A required input is not a dense tensor, or its type is not declared.</exception>
    public static ModelSignature Build(OnnxGraph graph, string modelId, IReadOnlyList<string> askedDefaults)
    {
        var defaults = graph.Initializers.Select(tensor => tensor.Name).Concat(graph.SparseInitializers.Select(tensor => tensor.Name)).ToHashSet(StringComparer.Ordinal);
        var inputs = graph.Inputs.Where(input => !defaults.Contains(input.Name) || askedDefaults.Contains(input.Name)).ToArray();
        foreach (var input in inputs)
        {
            if (input.Type is not OnnxTensorType { ElementType: not TensorElementType.Undefined })
            {
                throw new ModelLoadException($"input '{input.Name}' is of type {input.Type?.ToString() ?? "unknown"}; only dense tensors can be given. Export the model with tensors as inputs.", modelId);
            }
        }

        return new ModelSignature([.. inputs.Select(ToSpec)], [.. graph.Outputs.Select(ToSpec)]);
    }

    private static TensorSpec ToSpec(OnnxValueInfo value)
    {
        if (value.Type is not OnnxTensorType type) return new TensorSpec(value.Name, TensorElementType.Undefined, []) { HasRank = false };
        if (type.Shape is not { } shape) return new TensorSpec(value.Name, type.ElementType, []) { HasRank = false };
        ReadOnlySpan<nint> lengths = [.. shape.Select(dimension => dimension.Length)];
        return new TensorSpec(value.Name, type.ElementType, lengths, [.. shape.Select(NameOf)]);
    }

    private static string? NameOf(OnnxDimension dimension) => string.IsNullOrEmpty(dimension.Symbol) ? null : dimension.Symbol;
}
