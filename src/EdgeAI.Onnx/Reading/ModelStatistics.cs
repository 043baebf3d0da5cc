namespace EdgeAI.Onnx;

/// <summary>Counts operators and weights, in subgraphs and functions too.</summary>
internal static class ModelStatistics
{
    /// <summary>How often each operator occurs. The body of a function counts once; calls of functions are not operators.</summary>
    public static IReadOnlyList<OperatorUse> CountOperators(OnnxModel model)
    {
        var functions = model.Functions.Select(f => (OnnxDomains.Normalize(f.Domain), f.Name, f.Overload)).ToHashSet();
        var versions = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var import in model.OpsetImports.Concat(model.Functions.SelectMany(f => f.OpsetImports))) versions.TryAdd(OnnxDomains.Normalize(import.Domain), import.Version);
        return
        [
            .. NodeWalk.Flatten(model)
                .Select(node => (Domain: OnnxDomains.Normalize(node.Domain), node.OpType, node.Overload))
                .Where(node => !functions.Contains(node))
                .CountBy(node => (node.Domain, node.OpType))
                .OrderByDescending(use => use.Value).ThenBy(use => use.Key.Domain, StringComparer.Ordinal).ThenBy(use => use.Key.OpType, StringComparer.Ordinal)
                .Select(use => new OperatorUse(use.Key.Domain, use.Key.OpType, use.Value, versions.GetValueOrDefault(use.Key.Domain))),
        ];
    }

    /// <summary>The constant tensors: initializers of all graphs, of sparse ones the stored values, and the values of <c>Constant</c> nodes, which runtimes turn into initializers.</summary>
    public static IEnumerable<OnnxTensor> Weights(OnnxModel model) =>
        NodeWalk.Graphs(model).SelectMany(graph => graph.Initializers.Concat(graph.SparseInitializers.Select(sparse => sparse.Values)))
            .Concat(NodeWalk.Flatten(model).Where(node => node.OpType == "Constant" && OnnxDomains.Normalize(node.Domain).Length == 0)
                .SelectMany(node => node.Attributes).SelectMany(attribute => attribute.Tensors));

    /// <summary>The bytes of a tensor's elements; for strings, of their UTF-8 text.</summary>
    public static long ByteLength(OnnxTensor tensor) => tensor.StringBytes is { } strings ? strings.Sum(text => (long)text.Length) : tensor.Data.Length;
}
