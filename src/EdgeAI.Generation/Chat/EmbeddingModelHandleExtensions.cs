using Microsoft.Extensions.AI;

namespace EdgeAI.Generation;

/// <summary>Serves a loaded encoder as an embedding generator.</summary>
public static class EmbeddingModelHandleExtensions
{
    /// <summary>Makes an embedding generator. It is safe for concurrent calls, and disposing it leaves the model loaded.</summary>
    /// <param name="model">Takes <c>input_ids</c>, and where it wants them <c>attention_mask</c> and <c>token_type_ids</c>; gives <c>last_hidden_state</c> or a vector for each text.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="modelId">Names the model in answers.</param>
    /// <param name="options">How to serve it; <see langword="null"/> for the defaults: the mean of at most 512 tokens.</param>
    /// <exception cref="ModelLoadException">The model is not an encoder of text.</exception>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static IEmbeddingGenerator<string, Embedding<float>> AsEmbeddingGenerator(this IModelHandle model, ITokenizer tokenizer, string modelId, EmbeddingModelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tokenizer);
        ArgumentException.ThrowIfNullOrWhiteSpace(modelId);
        options ??= new EmbeddingModelOptions();
        if (options.Check().FirstOrDefault() is { } error) throw new ArgumentException(error, nameof(options));
        var signature = EncoderSignature.From(model.Signature, options.OutputName, modelId);
        var encoder = new Encoder(model, tokenizer, signature, options, options.Pooling ?? EmbeddingPooling.Mean, options.MaxTokens ?? 512);
        return new TextEmbeddingGenerator(_ => ValueTask.FromResult(encoder), modelId);
    }
}
