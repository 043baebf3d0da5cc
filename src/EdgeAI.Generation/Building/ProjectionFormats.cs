using EdgeAI.Onnx;

namespace EdgeAI.Generation;

/// <summary>Which part of a decoder is stored how.</summary>
internal sealed class ProjectionFormats
{
    // Rows are looked up, not multiplied: half precision halves a big table and costs a conversion of few rows.
    private const long MostFloatEmbedding = 1 << 24;

    private readonly BuildTracker _tracker;
    private readonly FloatFormat _float;
    private readonly ModelBuildOptions _options;

    public ProjectionFormats(ModelBuildOptions options, BuildTracker tracker)
    {
        _options = options;
        _tracker = tracker;
        _float = new FloatFormat(tracker);
    }

    /// <summary>The output projection's.</summary>
    public IProjectionFormat Output => _float;

    /// <summary>Relative error of what was quantised; <see langword="null"/> where nothing was.</summary>
    public double? WeightError { get; }

    /// <summary>That of a layer's projections.</summary>
    public IProjectionFormat OfLayer(int layer) => _float;

    /// <summary>Adds the look-up of the tokens' embeddings.</summary>
    /// <param name="graph">Receives nodes and weights.</param>
    /// <param name="tokens">The tokens, [.., ..].</param>
    /// <param name="embedding">A row for each token.</param>
    /// <param name="isShared">Whether the output projection has the same weights.</param>
    /// <returns>The embeddings, and the initializer where the output projection can use it as it is.</returns>
    public (string Embeddings, string? Shared) Embed(GraphAssembler graph, string tokens, MatrixRows embedding, bool isShared)
    {
        if (_options.Precision == ModelPrecision.Float32 || embedding.Elements <= MostFloatEmbedding)
        {
            var table = graph.Add(FloatTensor.Create("embeddings.weight", embedding, _tracker));
            return (graph.Add("Gather", "embeddings", [table, tokens]), isShared && _options.Precision == ModelPrecision.Float32 ? table : null);
        }

        var rows = graph.Add("Gather", "embeddings.half", [graph.Add(FloatTensor.CreateHalf("embeddings.weight", embedding, _tracker)), tokens]);
        return (graph.Add("Cast", "embeddings", [rows], OnnxAttribute.Int("to", (int)TensorElementType.Float32)), null);
    }
}
