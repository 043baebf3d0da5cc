using System.Numerics.Tensors;

namespace EdgeAI.Generation;

/// <summary>An encoder model with its tokenizer: from a text's tokens to its vector. Thread-safe.</summary>
internal sealed class Encoder(IModelHandle model, ITokenizer tokenizer, EncoderSignature signature, EmbeddingModelOptions options, EmbeddingPooling pooling, int maxTokens)
{
    private readonly string _prefix = options.Prefix;

    public IModelHandle Model => model;

    public int MaxConcurrency { get; } = options.MaxConcurrency;

    public bool Normalizes { get; } = options.Normalize;

    /// <summary>The length of a vector; <see langword="null"/> where the file does not say.</summary>
    public int? Dimensions => signature.Output.Lengths[^1] is > 0 and var size ? (int)size : null;

    /// <summary>A text's tokens, cut to what the model can read. The special token at the end stays.</summary>
    public int[] Tokenize(string text)
    {
        int[] tokens = [.. tokenizer.Encode(_prefix + text, addSpecialTokens: true, parseSpecialTokens: false)];
        if (tokens.Length == 0) throw new InvalidInputException(["a text is empty, and the tokenizer adds no token to it"]);
        if (tokens.Length <= maxTokens) return tokens;
        var last = tokens[^1];
        tokens = tokens[..maxTokens];
        if (tokenizer.IsSpecial(last)) tokens[^1] = last;
        return tokens;
    }

    public async Task<float[]> EncodeAsync(int[] tokens, CancellationToken cancellationToken)
    {
        var request = new InferenceRequest { OutputNames = [signature.Output.Name] };
        foreach (var input in signature.Inputs)
        {
            request[input.Name] = Create(input.ElementType, tokens, input.Name switch
            {
                EncoderSignature.Tokens => null,
                EncoderSignature.Mask => 1,
                _ => 0,
            });
        }

        using var response = await model.RunAsync(request, cancellationToken).ConfigureAwait(false);
        using var output = await response[signature.Output.Name].ToHostAsync(cancellationToken).ConfigureAwait(false);
        return Pool(output, tokens.Length);
    }

    private static TensorValue Create(TensorElementType type, int[] tokens, int? constant)
    {
        var values = constant is { } value ? Enumerable.Repeat(value, tokens.Length).ToArray() : tokens;
        return type == TensorElementType.Int32 ? TensorValue.Create(values, 1, values.Length) : TensorValue.Create(Array.ConvertAll(values, static value => (long)value), 1, values.Length);
    }

    private float[] Pool(TensorValue output, int tokens)
    {
        var values = output.AsSpan<float>();
        if (output.Lengths.Length == 2) return values.ToArray();
        var size = (int)output.Lengths[2];
        var read = Math.Min(tokens, (int)output.Lengths[1]);
        if (pooling == EmbeddingPooling.FirstToken) return values[..size].ToArray();
        if (pooling == EmbeddingPooling.LastToken) return values.Slice((read - 1) * size, size).ToArray();
        var sum = new float[size];
        for (var token = 0; token < read; token++) TensorPrimitives.Add(sum, values.Slice(token * size, size), sum);
        TensorPrimitives.Divide(sum, read, sum);
        return sum;
    }
}
