using System.Collections.Frozen;
using EdgeAI.Onnx;
using EdgeAI.Samples.Neuromorphic.Layers;

namespace EdgeAI.Samples.Neuromorphic.Events;

/// <summary>The operators that the device runs. To add one: a layer, and a line here.</summary>
internal static class OperatorSet
{
    /// <summary>From here on <c>Softmax</c> works on one axis, as the layer does.</summary>
    private const long OldestOpset = 13;

    private static readonly FrozenDictionary<string, Func<OnnxNode, Func<string, OnnxTensor?>, Layer>> _layers = new Dictionary<string, Func<OnnxNode, Func<string, OnnxTensor?>, Layer>>
    {
        ["Add"] = (_, _) => new SumLayer(sign: 1),
        ["Conv"] = (node, constants) => new ConvolutionLayer(node, constants),
        ["Flatten"] = (node, _) => new RelabelLayer(node.Integer("axis", 1)),
        ["Gemm"] = (node, constants) => new DenseLayer(node, constants),
        ["Identity"] = (_, _) => new RelabelLayer(flattenAxis: null),
        ["MatMul"] = (node, constants) => new DenseLayer(node, constants),
        ["MaxPool"] = (node, _) => new MaxPoolLayer(node),
        ["Relu"] = (_, _) => new RectifierLayer(),
        ["Softmax"] = (node, _) => new SoftmaxLayer(node),
        ["Sub"] = (_, _) => new SumLayer(sign: -1),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Their names, for people.</summary>
    public static string Names { get; } = string.Join(", ", _layers.Keys.Order(StringComparer.Ordinal));

    /// <summary>The first operator that the device does not know, with its domain; <see langword="null"/> where there is none.</summary>
    public static string? FindUnknown(ModelDescriptor model) =>
        model.Operators.FirstOrDefault(use => use.Domain.Length > 0 || !_layers.ContainsKey(use.OpType))?.QualifiedName;

    /// <exception cref="NotSupportedException">The node asks for what the layer cannot do.</exception>
    public static Layer CreateLayer(OnnxNode node, Func<string, OnnxTensor?> findConstant) => _layers[node.OpType](node, findConstant);

    /// <exception cref="NotSupportedException">The opset is too old.</exception>
    public static void RequireOpset(OnnxModel model)
    {
        var version = model.OpsetImports.FirstOrDefault(import => import.Domain == OnnxDomains.Onnx)?.Version ?? 0;
        if (version < OldestOpset) throw new NotSupportedException($"it is of opset {version}; export it with opset {OldestOpset} or later");
    }
}
