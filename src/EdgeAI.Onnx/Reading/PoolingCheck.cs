namespace EdgeAI.Onnx;

/// <summary>
/// Finds pooling nodes whose window does not fit into their input. ONNX Runtime 1.31.1 ends the process there: its blocked-channel
/// kernel divides by the output's size. Follows the lengths of the axes from the inputs through convolutions, poolings and what
/// keeps their shape; behind any other operator lengths are taken as unknown.
/// </summary>
internal sealed class PoolingCheck
{
    private const nint Unknown = -1;

    private readonly Dictionary<string, nint[]> _shapes = new(StringComparer.Ordinal);

    /// <summary>Whether the graph has pooling nodes at all.</summary>
    public static bool Concerns(OnnxGraph graph) => graph.Nodes.Any(IsPooling);

    /// <summary>The first such node, as a sentence without its full stop; <see langword="null"/> where there is none.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="inputs">Lengths of inputs where they are known better than the graph declares them.</param>
    public static string? FindProblem(OnnxGraph graph, IReadOnlyDictionary<string, nint[]>? inputs = null)
    {
        if (!Concerns(graph)) return null;
        var check = new PoolingCheck();
        foreach (var input in graph.Inputs)
        {
            if (input.Type is OnnxTensorType { Shape: { } shape }) check._shapes[input.Name] = [.. shape.Select(dimension => dimension.Length)];
        }

        foreach (var tensor in graph.Initializers) check._shapes[tensor.Name] = tensor.Lengths.ToArray();
        foreach (var (name, lengths) in inputs ?? new Dictionary<string, nint[]>()) check._shapes[name] = lengths;
        foreach (var node in graph.Nodes)
        {
            if (check.Visit(node) is { } problem) return problem;
        }

        return null;
    }

    private static bool IsPooling(OnnxNode node) => OnnxDomains.Normalize(node.Domain).Length == 0 && node.OpType is "MaxPool" or "AveragePool" or "LpPool";

    private string? Visit(OnnxNode node)
    {
        if (OnnxDomains.Normalize(node.Domain).Length > 0 || node.Outputs.IsEmpty) return null;
        if (IsPooling(node) && ShapeOf(node, 0) is { } input && FindUnfitAxis(node, input) is { } axis)
        {
            return $"node {node} slides a window of {new WindowShape(node).Kernel[axis]} over an axis of length {input[axis + 2]}, which leaves nothing";
        }

        if (Infer(node) is { } shape) _shapes[node.Outputs[0]] = shape;
        return null;
    }

    private static int? FindUnfitAxis(OnnxNode node, nint[] input)
    {
        var window = new WindowShape(node);
        var rank = int.Min(input.Length - 2, window.Kernel.Length);
        for (var axis = 0; axis < rank; axis++)
        {
            if (window.OutputLength(axis, rank, input[axis + 2], window.Kernel[axis]) <= 0) return axis;
        }

        return null;
    }

    private nint[]? Infer(OnnxNode node) => node.OpType switch
    {
        "Conv" => ShapeOf(node, 0) is { } x && ShapeOf(node, 1) is { } w && x.Length == w.Length && w.Length > 2 ? Slide(node, x, w[0], w) : null,
        "MaxPool" or "AveragePool" or "LpPool" => ShapeOf(node, 0) is { Length: > 2 } x ? Slide(node, x, x[1], weights: null) : null,
        "Add" or "Sub" or "Mul" or "Div" => ShapeOf(node, 0) is { } a && ShapeOf(node, 1) is { } b ? Broadcast(a, b) : null,
        "Concat" => Concatenate(node),
        "Constant" => node.FindAttribute("value") is { Type: OnnxAttributeType.Tensor, ReferenceName: null } value ? value.AsTensor().Lengths.ToArray() : null,
        "Identity" or "Dropout" or "Cast" or "BatchNormalization" or "InstanceNormalization" or "LRN" or "QuantizeLinear" or "DequantizeLinear"
            or "Relu" or "LeakyRelu" or "PRelu" or "Clip" or "Sigmoid" or "HardSigmoid" or "HardSwish" or "Tanh" or "Elu" or "Selu" or "Celu"
            or "Gelu" or "Mish" or "Softplus" or "Softsign" or "Abs" or "Neg" or "Exp" or "Log" or "Sqrt" or "Softmax" => ShapeOf(node, 0),
        _ => null,
    };

    private nint[]? ShapeOf(OnnxNode node, int index) => index < node.Inputs.Length ? _shapes.GetValueOrDefault(node.Inputs[index]) : null;

    private static nint[]? Slide(OnnxNode node, nint[] input, nint channels, nint[]? weights)
    {
        var window = new WindowShape(node);
        var output = (nint[])input.Clone();
        output[1] = channels;
        for (var axis = 2; axis < input.Length; axis++)
        {
            var kernel = axis - 2 < window.Kernel.Length ? window.Kernel[axis - 2] : weights?[axis] ?? Unknown;
            var length = kernel < 1 ? null : window.OutputLength(axis - 2, input.Length - 2, input[axis], kernel);
            output[axis] = length is null or < 0 ? Unknown : length.Value;
        }

        return output;
    }

    private static nint[] Broadcast(nint[] a, nint[] b)
    {
        if (a.Length < b.Length) (a, b) = (b, a);
        var result = (nint[])a.Clone();
        for (var axis = 1; axis <= b.Length; axis++)
        {
            var (left, right) = (a[^axis], b[^axis]);
            result[^axis] = left is 1 or Unknown ? (right == 1 ? left : right) : left;
        }

        return result;
    }

    private nint[]? Concatenate(OnnxNode node)
    {
        if (node.FindAttribute("axis") is not { Type: OnnxAttributeType.Int, ReferenceName: null } attribute || ShapeOf(node, 0) is not { } first) return null;
        var axis = attribute.AsInt() < 0 ? attribute.AsInt() + first.Length : attribute.AsInt();
        if (axis < 0 || axis >= first.Length) return null;
        var result = (nint[])first.Clone();
        for (var index = 1; index < node.Inputs.Length; index++)
        {
            if (ShapeOf(node, index) is not { } next || next.Length != first.Length) return null;
            result[axis] = result[axis] < 0 || next[axis] < 0 ? Unknown : result[axis] + next[axis];
        }

        return result;
    }
}
