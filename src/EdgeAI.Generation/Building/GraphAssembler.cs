using System.Collections.Immutable;
using EdgeAI.Onnx;

namespace EdgeAI.Generation;

/// <summary>Collects nodes and initializers. A node has the name of its first output.</summary>
internal sealed class GraphAssembler
{
    private readonly ImmutableArray<OnnxNode>.Builder _nodes = ImmutableArray.CreateBuilder<OnnxNode>();
    private readonly List<OnnxTensor> _initializers = [];
    private readonly HashSet<string> _constants = new(StringComparer.Ordinal);

    /// <summary>Adds a node of ONNX's own.</summary>
    /// <returns>The name of its output.</returns>
    public string Add(string opType, string output, ReadOnlySpan<string> inputs, params ReadOnlySpan<OnnxAttribute> attributes) => Add(OnnxDomains.Onnx, opType, [output], inputs, attributes);

    /// <summary>Adds a node of ONNX Runtime's additions.</summary>
    public string AddMicrosoft(string opType, string output, ReadOnlySpan<string> inputs, params ReadOnlySpan<OnnxAttribute> attributes) => Add(OnnxDomains.Microsoft, opType, [output], inputs, attributes);

    /// <summary>Adds a node with several outputs.</summary>
    /// <returns>The first of them.</returns>
    public string Add(string domain, string opType, ReadOnlySpan<string> outputs, ReadOnlySpan<string> inputs, params ReadOnlySpan<OnnxAttribute> attributes)
    {
        _nodes.Add(new OnnxNode(opType, [.. inputs], [.. outputs], attributes) { Domain = domain, Name = "/" + outputs[0] });
        return outputs[0];
    }

    /// <summary>Adds an initializer.</summary>
    /// <returns>Its name.</returns>
    public string Add(OnnxTensor tensor)
    {
        _initializers.Add(tensor);
        return tensor.Name;
    }

    /// <summary>A vector of floats.</summary>
    public string Add(string name, float[] values) => Add(OnnxTensor.Create<float>(name, values, values.Length));

    /// <summary>A small list of integers, shared by all who ask for the same.</summary>
    public string Integers(params ReadOnlySpan<long> values)
    {
        var name = $"integers_{string.Join('_', values.ToArray())}";
        return _constants.Add(name) ? Add(OnnxTensor.Create(name, values, values.Length)) : name;
    }

    /// <summary>An integer without axes, shared by all who ask for the same.</summary>
    public string Integer(long value)
    {
        var name = $"integer_{value}";
        return _constants.Add(name) ? Add(OnnxTensor.Scalar(name, value)) : name;
    }

    /// <summary>A float without axes.</summary>
    public string Scalar(string name, float value) => Add(OnnxTensor.Scalar(name, value));

    public OnnxGraph ToGraph(string name, ImmutableArray<OnnxValueInfo> inputs, ImmutableArray<OnnxValueInfo> outputs) => new(name, _nodes.ToImmutable(), inputs, outputs, [.. _initializers]);
}
