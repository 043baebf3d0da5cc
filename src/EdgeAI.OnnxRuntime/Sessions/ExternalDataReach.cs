using EdgeAI.Onnx;

namespace EdgeAI.OnnxRuntime;

/// <summary>
/// How far ONNX Runtime's replacement of external data goes: to initializers and Constant nodes of the main graph. For tensors elsewhere it would open
/// a file of that name in the process's current folder, unchecked (seen with 1.31.1).
/// </summary>
internal static class ExternalDataReach
{
    /// <summary>Whether a tensor with external data lies where the replacement does not reach.</summary>
    public static bool IsExceededBy(OnnxModel model) =>
        model.Graph.SparseInitializers.Any(IsExternal)
        || model.Graph.Nodes.Any(node => (node is not { OpType: "Constant", Domain: OnnxDomains.Onnx } && AttributesOf(node).Any(IsExternal)) || node.Subgraphs.Any(HasExternal))
        || model.Functions.Any(function => function.Nodes.Any(HasExternal));

    private static bool HasExternal(OnnxGraph graph) =>
        graph.Initializers.Any(IsExternal) || graph.SparseInitializers.Any(IsExternal) || graph.Nodes.Any(HasExternal);

    private static bool HasExternal(OnnxNode node) => AttributesOf(node).Any(IsExternal) || node.Subgraphs.Any(HasExternal);

    private static IEnumerable<OnnxTensor> AttributesOf(OnnxNode node) => node.Attributes.SelectMany(attribute => attribute.Tensors);

    private static bool IsExternal(OnnxTensor tensor) => tensor.ElementType != TensorElementType.String && tensor.Data is OnnxExternalData;

    private static bool IsExternal(OnnxSparseTensor tensor) => IsExternal(tensor.Values) || (tensor.Indices is { } indices && IsExternal(indices));
}
