using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>A graph of nodes: a model's own, or one inside a node. Immutable.</summary>
public sealed record OnnxGraph
{
    /// <summary>Creates a graph.</summary>
    /// <param name="name">Its name; not empty.</param>
    /// <param name="nodes">The nodes, each after those whose outputs it uses.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="outputs">The outputs.</param>
    /// <param name="initializers">Constant tensors; one with the name of an input is that input's default.</param>
    public OnnxGraph(
        string name,
        ImmutableArray<OnnxNode> nodes,
        ImmutableArray<OnnxValueInfo> inputs,
        ImmutableArray<OnnxValueInfo> outputs,
        params ReadOnlySpan<OnnxTensor> initializers)
    {
        Name = name;
        Nodes = nodes;
        Inputs = inputs;
        Outputs = outputs;
        Initializers = [.. initializers];
    }

    /// <summary>The graph's name.</summary>
    public string Name { get; init; }

    /// <summary>The nodes. In a file they should be sorted by dependence; files in any acyclic order are read.</summary>
    public ImmutableArray<OnnxNode> Nodes { get; init; }

    /// <summary>The inputs, those with a default among <see cref="Initializers"/> included.</summary>
    public ImmutableArray<OnnxValueInfo> Inputs { get; init; }

    /// <summary>The outputs.</summary>
    public ImmutableArray<OnnxValueInfo> Outputs { get; init; }

    /// <summary>Declared types of inner values; need not be complete.</summary>
    public ImmutableArray<OnnxValueInfo> ValueInfos { get; init; } = [];

    /// <summary>Constant tensors.</summary>
    public ImmutableArray<OnnxTensor> Initializers { get; init; }

    /// <summary>Constant tensors in sparse form.</summary>
    public ImmutableArray<OnnxSparseTensor> SparseInitializers { get; init; } = [];

    internal PreservedFields? Preserved { get; init; }

    /// <summary>The graph's name.</summary>
    public override string ToString() => Name;
}
