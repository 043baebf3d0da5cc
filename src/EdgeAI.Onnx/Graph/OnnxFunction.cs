using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>A function that a model defines; a node whose domain, operator and overload match calls it. Immutable.</summary>
public sealed record OnnxFunction
{
    /// <summary>Creates a function.</summary>
    /// <param name="domain">Its domain, which the model must import.</param>
    /// <param name="name">Its name.</param>
    /// <param name="inputs">Names of the inputs.</param>
    /// <param name="outputs">Names of the outputs.</param>
    /// <param name="nodes">The body. It sees only the inputs and its own values.</param>
    /// <param name="opsetImports">The operator sets that the body uses.</param>
    public OnnxFunction(
        string domain,
        string name,
        ImmutableArray<string> inputs,
        ImmutableArray<string> outputs,
        ImmutableArray<OnnxNode> nodes,
        params ReadOnlySpan<OnnxOpsetImport> opsetImports)
    {
        Domain = domain;
        Name = name;
        Inputs = inputs;
        Outputs = outputs;
        Nodes = nodes;
        OpsetImports = [.. opsetImports];
    }

    /// <summary>Its domain.</summary>
    public string Domain { get; init; }

    /// <summary>Its name.</summary>
    public string Name { get; init; }

    /// <summary>Tells functions of one name apart; usually empty.</summary>
    public string Overload { get; init; } = "";

    /// <summary>Names of the inputs.</summary>
    public ImmutableArray<string> Inputs { get; init; }

    /// <summary>Names of the outputs.</summary>
    public ImmutableArray<string> Outputs { get; init; }

    /// <summary>Names of attributes without a default.</summary>
    public ImmutableArray<string> AttributeNames { get; init; } = [];

    /// <summary>Attributes with their defaults.</summary>
    public ImmutableArray<OnnxAttribute> AttributeDefaults { get; init; } = [];

    /// <summary>The body.</summary>
    public ImmutableArray<OnnxNode> Nodes { get; init; }

    /// <summary>The operator sets that the body uses.</summary>
    public ImmutableArray<OnnxOpsetImport> OpsetImports { get; init; }

    internal PreservedFields? Preserved { get; init; }

    /// <summary>Domain and name.</summary>
    public override string ToString() => Domain.Length == 0 ? Name : $"{Domain}.{Name}";
}
