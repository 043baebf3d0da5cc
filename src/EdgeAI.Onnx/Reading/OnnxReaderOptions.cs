namespace EdgeAI.Onnx;

/// <summary>What a model may contain at most. The defaults admit every model that ONNX Runtime can load. Immutable.</summary>
public sealed record OnnxReaderOptions
{
    /// <summary>The defaults.</summary>
    public static OnnxReaderOptions Default { get; } = new();

    /// <summary>
    /// Folders outside the model's own that may hold its external data; a hub cache needs the folder of its blobs, since its
    /// snapshots are symbolic links. Folders that do not exist are ignored. Default: none.
    /// </summary>
    public IReadOnlyList<string> ExternalDataRoots { get; init; } = [];

    /// <summary>
    /// Names of inputs with a default that callers want to give: they are part of the signature, and must then be given in each run. Names that
    /// the model does not have are ignored. Default: none; inputs with a default are left out.
    /// </summary>
    public IReadOnlyList<string> AskedDefaults { get; init; } = [];

    /// <summary>How deep messages may be nested (graphs in nodes, types in types). Default: 100, as in protobuf's own parsers.</summary>
    public int MaxNesting { get; init; } = 100;

    /// <summary>Messages and strings in the file altogether: each takes some memory, whatever it holds. Default: 20 million.</summary>
    public long MaxEntries { get; init; } = 20_000_000;

    /// <summary>Nodes in all graphs, with every call of a model-local function replaced by its body. Default: 1 million.</summary>
    public long MaxNodes { get; init; } = 1_000_000;

    /// <summary>Axes of a tensor. Default: 64.</summary>
    public int MaxRank { get; init; } = 64;
}
