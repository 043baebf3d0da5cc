using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>
/// Whether several requests may be stacked along a batch axis without influencing each other, and along which axis of each tensor. Follows the
/// rows of a batch through every node; an operator that is not known to keep them apart makes it impossible. Immutable and thread-safe.
/// </summary>
/// <remarks>
/// "Possible" says that the operators, as ONNX and ONNX Runtime specify them, compute each row from that row and from what all requests of the batch
/// share. Inputs without an axis, and all axes other than the batch's, must be equal among them; axes of one symbol must have one length, as the model declares.
/// Kernels may still round differently by the number of rows.
/// </remarks>
public sealed class BatchAnalysis
{
    private BatchAnalysis(bool isPossible, string reason, ImmutableArray<int?> inputAxes, ImmutableArray<int?> outputAxes)
    {
        IsPossible = isPossible;
        Reason = reason;
        InputAxes = inputAxes;
        OutputAxes = outputAxes;
    }

    /// <summary>Whether requests may be stacked.</summary>
    public bool IsPossible { get; }

    /// <summary>Why, as one clause: which node or tensor is in the way, or that none is.</summary>
    public string Reason { get; }

    /// <summary>The axis to stack each input along, in the order of the signature, from 0; <see langword="null"/> for an input that must be equal among the requests. All <see langword="null"/> where not possible.</summary>
    public IReadOnlyList<int?> InputAxes { get; }

    /// <summary>The axis to cut each output along, in the order of the signature, from 0; <see langword="null"/> for an output that all requests share. All <see langword="null"/> where not possible.</summary>
    public IReadOnlyList<int?> OutputAxes { get; }

    /// <summary>Examines a model. Costs time in proportion to its nodes; reads only small constants, of a few hundred bytes.</summary>
    /// <param name="model">The model; not disposed, or constants in its file count as unknown.</param>
    /// <param name="freeDimensionOverrides">Lengths for symbols that are fixed for each session; <see langword="null"/> for none.</param>
    public static BatchAnalysis Analyze(OnnxModel model, IReadOnlyDictionary<string, long>? freeDimensionOverrides = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        var graph = model.Graph;
        var defaults = graph.Initializers.Select(tensor => tensor.Name).Concat(graph.SparseInitializers.Select(tensor => tensor.Name)).ToHashSet(StringComparer.Ordinal);
        ImmutableArray<OnnxValueInfo> inputs = [.. graph.Inputs.Where(input => !defaults.Contains(input.Name))];
        BatchAnalysis Impossible(string reason) => new(false, reason, [.. new int?[inputs.Length]], [.. new int?[graph.Outputs.Length]]);

        foreach (var input in inputs)
        {
            if (input.Type is not OnnxTensorType { Shape: not null } type) return Impossible($"input '{input.Name}' declares no axes");
            if (type.ElementType == TensorElementType.String) return Impossible($"input '{input.Name}' holds strings");
        }

        ImmutableArray<ImmutableArray<OnnxDimension>> shapes = [.. inputs.Select(input => Fix(((OnnxTensorType)input.Type!).Shape!.Value, freeDimensionOverrides))];
        var choices = BatchAxisChoice.List(shapes);
        if (choices.Count == 0) return Impossible(DescribeFixed(inputs, shapes));
        if (GraphOrder.Sort(graph.Nodes) is not { } nodes) return Impossible("its nodes depend on each other in a circle");

        string? first = null;
        foreach (var choice in choices)
        {
            var problem = GraphRows.Follow(model, nodes, inputs, shapes, choice, out var outputs);
            if (problem is null) return new BatchAnalysis(true, nodes.Count == 1 ? "rows stay apart through its one node" : $"rows stay apart through all {nodes.Count} nodes", choice, outputs);
            first ??= problem;
        }

        return Impossible(first!);
    }

    /// <summary>Whether it is possible, and why.</summary>
    public override string ToString() => $"{(IsPossible ? "possible" : "not possible")}: {Reason}";

    private static ImmutableArray<OnnxDimension> Fix(ImmutableArray<OnnxDimension> shape, IReadOnlyDictionary<string, long>? overrides) => overrides is null
        ? shape
        : [.. shape.Select(dimension => dimension is { Length: < 0, Symbol: { } symbol } && overrides.TryGetValue(symbol, out var length) ? new OnnxDimension(length) : dimension)];

    private static string DescribeFixed(ImmutableArray<OnnxValueInfo> inputs, ImmutableArray<ImmutableArray<OnnxDimension>> shapes)
    {
        for (var index = 0; index < inputs.Length; index++)
        {
            if (shapes[index] is [{ Length: >= 0 } first, ..]) return $"input '{inputs[index].Name}' has the fixed length {first} on axis 0";
        }

        return "no input has a batch axis";
    }
}
