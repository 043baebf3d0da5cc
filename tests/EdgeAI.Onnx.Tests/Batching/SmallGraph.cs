using System.Collections.Immutable;

namespace EdgeAI.Onnx.Tests;

/// <summary>Writes a graph in a line a node: inputs, constants and nodes in any order, the last node's outputs are the graph's.</summary>
internal sealed class SmallGraph(long opset = 21)
{
    private readonly List<OnnxValueInfo> _inputs = [];
    private readonly List<OnnxTensor> _constants = [];
    private readonly List<OnnxNode> _nodes = [];
    private ImmutableArray<string> _outputs = [];

    public SmallGraph Input(string name, params ReadOnlySpan<OnnxDimension> shape) => Input(name, TensorElementType.Float32, shape);

    public SmallGraph Input(string name, TensorElementType type, params ReadOnlySpan<OnnxDimension> shape)
    {
        _inputs.Add(OnnxValueInfo.Tensor(name, type, shape));
        return this;
    }

    /// <summary>Weights: a ramp of small numbers.</summary>
    public SmallGraph Weights(string name, params ReadOnlySpan<nint> lengths)
    {
        var count = 1;
        foreach (var length in lengths) count *= (int)length;
        _constants.Add(OnnxTensor.Create(name, TestModels.Ramp(count), lengths));
        return this;
    }

    public SmallGraph Numbers(string name, params ReadOnlySpan<long> values)
    {
        _constants.Add(OnnxTensor.Create(name, values, values.Length));
        return this;
    }

    public SmallGraph Constant(OnnxTensor tensor)
    {
        _constants.Add(tensor);
        return this;
    }

    /// <summary>A node, such as <c>Node("y = Add x w")</c>; an input or output <c>_</c> is left out.</summary>
    public SmallGraph Node(string text, params ReadOnlySpan<OnnxAttribute> attributes)
    {
        var sides = text.Split(" = ");
        var words = sides[1].Split(' ');
        var domain = words[0].StartsWith("ms.", StringComparison.Ordinal) ? OnnxDomains.Microsoft : OnnxDomains.Onnx;
        _outputs = Names(sides[0].Split(' '));
        _nodes.Add(new OnnxNode(words[0][(words[0].IndexOf('.', StringComparison.Ordinal) + 1)..], Names(words[1..]), _outputs, attributes) { Domain = domain });
        return this;
    }

    /// <summary>The model. Its outputs declare no type, so that runtimes infer it.</summary>
    public OnnxModel Build(params string[] outputs) => new(
        new OnnxGraph("small", [.. _nodes], [.. _inputs], [.. (outputs.Length > 0 ? outputs : [.. _outputs]).Where(name => name.Length > 0).Select(name => new OnnxValueInfo(name, null))], [.. _constants]),
        opset,
        new OnnxOpsetImport(OnnxDomains.Microsoft, 1));

    public static OnnxAttribute Axis(long axis) => OnnxAttribute.Int("axis", axis);

    private static ImmutableArray<string> Names(IEnumerable<string> names) => [.. names.Select(name => name == "_" ? "" : name)];
}
