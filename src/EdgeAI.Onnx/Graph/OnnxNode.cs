using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>One use of an operator or of a model-local function. Immutable.</summary>
public sealed record OnnxNode
{
    /// <summary>Creates a node.</summary>
    /// <param name="opType">The operator's name, such as <c>Conv</c>.</param>
    /// <param name="inputs">Names of the input values; an empty name leaves an optional input out.</param>
    /// <param name="outputs">Names of the output values; an empty name leaves an optional output out.</param>
    /// <param name="attributes">Attributes.</param>
    public OnnxNode(string opType, ImmutableArray<string> inputs, ImmutableArray<string> outputs, params ReadOnlySpan<OnnxAttribute> attributes)
    {
        OpType = opType;
        Inputs = inputs;
        Outputs = outputs;
        Attributes = [.. attributes];
    }

    /// <summary>The node's name in messages; may be empty.</summary>
    public string Name { get; init; } = "";

    /// <summary>The operator's name.</summary>
    public string OpType { get; init; }

    /// <summary>The operator's domain; empty for ONNX's own.</summary>
    public string Domain { get; init; } = OnnxDomains.Onnx;

    /// <summary>Which overload of a model-local function; usually empty.</summary>
    public string Overload { get; init; } = "";

    /// <summary>Names of the input values; empty for an optional input that is left out.</summary>
    public ImmutableArray<string> Inputs { get; init; }

    /// <summary>Names of the output values; empty for an optional output that is left out.</summary>
    public ImmutableArray<string> Outputs { get; init; }

    /// <summary>Attributes, no two of the same name.</summary>
    public ImmutableArray<OnnxAttribute> Attributes { get; init; }

    /// <summary>The graphs in the node's attributes, such as the branches of an <c>If</c>.</summary>
    public IEnumerable<OnnxGraph> Subgraphs => Attributes.SelectMany(attribute => attribute.Subgraphs);

    internal PreservedFields? Preserved { get; init; }

    /// <summary>The attribute of that name; <see langword="null"/> where the node has none.</summary>
    public OnnxAttribute? FindAttribute(string name)
    {
        foreach (var attribute in Attributes)
        {
            if (attribute.Name == name) return attribute;
        }

        return null;
    }

    /// <summary>Such as <c>Conv 'conv1'</c>.</summary>
    public override string ToString()
    {
        var type = Domain.Length == 0 ? OpType : $"{Domain}.{OpType}";
        var name = Name.Length > 0 ? Name : Outputs.FirstOrDefault(output => output.Length > 0);
        return name is null ? type : $"{type} '{name}'";
    }
}
