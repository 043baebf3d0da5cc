namespace EdgeAI.Onnx;

/// <summary>
/// External data of subgraphs, functions and attributes. ONNX Runtime 1.31.1 takes only that of the outer graph from memory; the rest it would
/// open by name, relative to the current directory: not the files that were checked. So it is moved into the model.
/// </summary>
internal static class InnerExternalData
{
    /// <summary>The model with such data inside; <see langword="null"/> where it has none and can be used as it is.</summary>
    /// <exception cref="InvalidOperationException">The model would be over 2 GB.</exception>
    public static byte[]? Embed(OnnxModel model)
    {
        var outer = model.Graph.Initializers.ToHashSet(ReferenceEqualityComparer.Instance);
        var hasInner = NodeWalk.Graphs(model).SelectMany(graph => graph.Initializers.Concat(graph.SparseInitializers.SelectMany(sparse => sparse.Parts)))
            .Concat(NodeWalk.Flatten(model).SelectMany(node => node.Attributes).Concat(model.Functions.SelectMany(function => function.AttributeDefaults)).SelectMany(attribute => attribute.Tensors))
            .Any(tensor => tensor.StringBytes is null && tensor.Data is OnnxExternalData && !outer.Contains(tensor));
        return hasInner ? ModelEncoder.Encode(model, tensor => outer.Contains(tensor) && tensor.Data is OnnxExternalData data ? (data.Location, data.Offset) : null).ToArray() : null;
    }
}
