using System.Numerics.Tensors;
using Microsoft.Extensions.AI;

namespace EdgeAI.Generation;

/// <summary>Turns texts into vectors with an encoder that the engine serves. Thread-safe. The model belongs to somebody else: disposing this does nothing.</summary>
internal sealed class TextEmbeddingGenerator(Func<CancellationToken, ValueTask<Encoder>> load, string modelId) : IEmbeddingGenerator<string, Embedding<float>>
{
    private Encoder? _encoder;

    public async Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        var texts = values.ToArray();
        if (Array.IndexOf(texts, null) is >= 0 and var missing) throw new InvalidInputException([$"text {missing} is null"]);
        if (options?.Dimensions < 1) throw new InvalidInputException([$"Dimensions is {options.Dimensions}; it must be 1 or more"]);
        var encoder = _encoder ??= await load(cancellationToken).ConfigureAwait(false);

        var tokens = texts.Select(encoder.Tokenize).ToArray();
        var vectors = await EncodeAllAsync(encoder, tokens, cancellationToken).ConfigureAwait(false);
        var total = tokens.Sum(text => (long)text.Length);
        var embeddings = new GeneratedEmbeddings<Embedding<float>>(vectors.Length) { Usage = new UsageDetails { InputTokenCount = total, TotalTokenCount = total } };
        foreach (var vector in vectors) embeddings.Add(new Embedding<float>(Finish(vector, options?.Dimensions, encoder.Normalizes)) { ModelId = modelId });
        return embeddings;
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null) return null;
        if (serviceType == typeof(EmbeddingGeneratorMetadata)) return new EmbeddingGeneratorMetadata("edgeai", null, modelId, _encoder?.Dimensions);
        if (serviceType.IsInstanceOfType(this)) return this;
        return _encoder is { } encoder && serviceType.IsInstanceOfType(encoder.Model) ? encoder.Model : null;
    }

    public void Dispose()
    {
    }

    /// <summary>Keeps so many texts in the engine that it can stack them, and not so many that its queue is full.</summary>
    private static async Task<float[][]> EncodeAllAsync(Encoder encoder, int[][] tokens, CancellationToken cancellationToken)
    {
        var vectors = new float[tokens.Length][];

        // Texts of like length side by side are filled up least.
        var order = Enumerable.Range(0, tokens.Length).OrderBy(index => tokens[index].Length);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = encoder.MaxConcurrency, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(order, parallel, async (index, token) => vectors[index] = await encoder.EncodeAsync(tokens[index], token).ConfigureAwait(false)).ConfigureAwait(false);
        return vectors;
    }

    /// <summary>Shortens a vector, as models trained for it allow, and scales it to the length 1.</summary>
    private static float[] Finish(float[] vector, int? dimensions, bool normalize)
    {
        if (dimensions > vector.Length) throw new InvalidInputException([$"Dimensions is {dimensions}; the model's vectors have {vector.Length}"]);
        if (dimensions < vector.Length) vector = vector[..dimensions.Value];
        var length = TensorPrimitives.Norm<float>(vector);
        if (normalize && length > 0) TensorPrimitives.Divide(vector, length, vector);
        return vector;
    }
}
