using EdgeAI.Onnx;

namespace EdgeAI.Generation;

/// <summary>Which part of a decoder is stored how.</summary>
internal sealed class ProjectionFormats
{
    // Rows are looked up, not multiplied: half precision halves a big table and costs a conversion of few rows.
    private const long MostFloatEmbedding = 1 << 20;

    private readonly BuildTracker _tracker;
    private readonly IProjectionFormat _most;
    private readonly IProjectionFormat _eightBit;
    private readonly ModelBuildOptions _options;
    private readonly Quantization _quantization;

    public ProjectionFormats(ModelBuildOptions options, BuildTracker tracker)
    {
        _options = options;
        _tracker = tracker;
        _quantization = new Quantization(options.Threads ?? Environment.ProcessorCount, tracker);
        var isFloat = options.Precision == ModelPrecision.Float32;
        _eightBit = isFloat ? new FloatFormat(tracker) : new QuantizedFormat(new BlockFormat(8, options.BlockSize, !options.Asymmetric), _quantization);
        _most = options.Precision == ModelPrecision.Int4 ? new QuantizedFormat(new BlockFormat(4, options.BlockSize, !options.Asymmetric), _quantization) : _eightBit;
    }

    /// <summary>The output projection's.</summary>
    public IProjectionFormat Output => _options.OutputBits == 8 ? _eightBit : _most;

    /// <summary>Relative error of what was quantised; <see langword="null"/> where nothing was.</summary>
    public double? WeightError => _quantization.RelativeError;

    /// <summary>That of a layer's projections.</summary>
    public IProjectionFormat OfLayer(int layer) => _options.EightBitLayers.Contains(layer) ? _eightBit : _most;

    /// <summary>Adds the look-up of the tokens' embeddings.</summary>
    /// <param name="graph">Receives nodes and weights.</param>
    /// <param name="tokens">The tokens, [.., ..].</param>
    /// <param name="embedding">A row for each token.</param>
    /// <param name="isShared">Whether the output projection has the same weights.</param>
    /// <returns>The embeddings, and the output projection where it can use the weights as they are stored.</returns>
    public (string Embeddings, TiedProjection? Output) Embed(GraphAssembler graph, string tokens, MatrixRows embedding, bool isShared)
    {
        const string Name = "embeddings";
        var isFloat = _options.Precision == ModelPrecision.Float32;
        if (isFloat || embedding.Elements <= MostFloatEmbedding)
        {
            var table = graph.Add(FloatTensor.Create(Name + ".weight", embedding, _tracker));
            return (graph.Add("Gather", Name, [table, tokens]), isShared && isFloat ? (name, input) => FloatFormat.Project(graph, name, input, table, bias: null) : null);
        }

        if (isShared && (Output as QuantizedFormat)?.Embed(graph, Name, tokens, embedding) is var (shared, projection)) return (shared, projection);
        var rows = graph.Add("Gather", Name + ".half", [graph.Add(FloatTensor.CreateHalf(Name + ".weight", embedding, _tracker)), tokens]);
        return (graph.Add("Cast", Name, [rows], OnnxAttribute.Int("to", (int)TensorElementType.Float32)), null);
    }
}
