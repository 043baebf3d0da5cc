using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>
/// An ONNX model. Immutable and thread-safe. A model that was read from a file keeps the file open, since its tensors are
/// ranges of it: dispose the model when neither it nor a copy made with <c>with</c> is needed. A model made in memory holds nothing to dispose.
/// </summary>
public sealed record OnnxModel : IDisposable
{
    /// <summary>Creates a model.</summary>
    /// <param name="graph">Its graph.</param>
    /// <param name="opsetImports">The operator sets that it uses; a plain number is a version of ONNX's own: <c>new OnnxModel(graph, 21, new OnnxOpsetImport(OnnxDomains.Microsoft, 1))</c>.</param>
    public OnnxModel(OnnxGraph graph, params ReadOnlySpan<OnnxOpsetImport> opsetImports)
    {
        Graph = graph;
        OpsetImports = [.. opsetImports];
    }

    /// <summary>The version of the file format, 1 or more. Default: 10, which ONNX Runtime 1.18 and later read.</summary>
    public long IrVersion { get; init; } = 10;

    /// <summary>The tool that made the model.</summary>
    public string ProducerName { get; init; } = "";

    /// <summary>The version of that tool.</summary>
    public string ProducerVersion { get; init; } = "";

    /// <summary>The model's namespace, in reverse domain notation.</summary>
    public string Domain { get; init; } = "";

    /// <summary>The version of the model itself.</summary>
    public long ModelVersion { get; init; }

    /// <summary>Free text.</summary>
    public string DocString { get; init; } = "";

    /// <summary>The operator sets that the model uses.</summary>
    public ImmutableArray<OnnxOpsetImport> OpsetImports { get; init; }

    /// <summary>The graph.</summary>
    public OnnxGraph Graph { get; init; }

    /// <summary>Functions that the model defines.</summary>
    public ImmutableArray<OnnxFunction> Functions { get; init; } = [];

    /// <summary>Named facts, in the file's order.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Metadata { get; init; } = [];

    internal PreservedFields? Preserved { get; init; }

    internal ImmutableArray<IDisposable> Files { get; init; } = [];

    /// <summary>Closes the files that the model was read from. Its structure stays usable; the data of its tensors does not.</summary>
    public void Dispose()
    {
        foreach (var file in Files) file.Dispose();
    }

    /// <summary>Such as <c>torch-jit-export, opset 16, 12 nodes</c>.</summary>
    public override string ToString() =>
        $"{(Graph.Name.Length > 0 ? Graph.Name : "model")}, opset {string.Join(" ", OpsetImports.Select(o => o.Domain.Length == 0 ? $"{o.Version}" : $"{o.Domain} {o.Version}"))}, {Graph.Nodes.Length} nodes";
}
