namespace EdgeAI.Generation;

/// <summary>A projection: a matrix [out, in] and what is added to its product.</summary>
internal sealed record Projection(MatrixRows Matrix, float[]? Bias);

/// <summary>The weights of a decoder layer. Norms have the family's offset already.</summary>
/// <param name="AttentionNorm">Before attention.</param>
/// <param name="Query">Query; with key and value below it where <paramref name="Key"/> is <see langword="null"/>.</param>
/// <param name="Key">Key, where it stands alone.</param>
/// <param name="Value">Value, where it stands alone.</param>
/// <param name="QueryNorm">On each head's query, where there is one.</param>
/// <param name="KeyNorm">On each head's key, where there is one.</param>
/// <param name="AttentionOutput">Back to the hidden size.</param>
/// <param name="AfterAttentionNorm">After attention, where there is one.</param>
/// <param name="FeedForwardNorm">Before the feed-forward part.</param>
/// <param name="GateUp">The gate, and up below it.</param>
/// <param name="Down">Back to the hidden size.</param>
/// <param name="AfterFeedForwardNorm">After the feed-forward part, where there is one.</param>
internal sealed record LayerWeights(
    float[] AttentionNorm,
    Projection Query,
    Projection? Key,
    Projection? Value,
    float[]? QueryNorm,
    float[]? KeyNorm,
    Projection AttentionOutput,
    float[]? AfterAttentionNorm,
    float[] FeedForwardNorm,
    Projection GateUp,
    Projection Down,
    float[]? AfterFeedForwardNorm);

/// <summary>All weights of a decoder.</summary>
/// <param name="Embedding">A row for each token.</param>
/// <param name="Output">The output projection; the embedding itself where they are tied.</param>
/// <param name="FinalNorm">Before the output projection.</param>
/// <param name="Layers">From the first.</param>
internal sealed record DecoderWeights(MatrixRows Embedding, MatrixRows Output, float[] FinalNorm, IReadOnlyList<LayerWeights> Layers)
{
    public bool IsTied => ReferenceEquals(Embedding, Output);
}
