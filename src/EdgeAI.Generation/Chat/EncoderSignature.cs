namespace EdgeAI.Generation;

/// <summary>What an encoder takes and gives, checked.</summary>
/// <param name="Inputs">Its inputs, all of them known.</param>
/// <param name="Output">The output to read: [texts, tokens, size], or [texts, size] where the model pools by itself.</param>
internal sealed record EncoderSignature(IReadOnlyList<TensorSpec> Inputs, TensorSpec Output)
{
    public const string Tokens = "input_ids";

    public const string Mask = "attention_mask";

    public const string Segments = "token_type_ids";

    private static readonly string[] _outputs = ["sentence_embedding", "last_hidden_state", "token_embeddings"];

    public bool IsPooled => Output.Lengths.Length == 2;

    /// <exception cref="ModelLoadException">The model is not an encoder of text.</exception>
    public static EncoderSignature From(ModelSignature signature, string? outputName, string modelId)
    {
        var unknown = signature.Inputs.Where(input => input.Name is not (Tokens or Mask or Segments) || input.ElementType is not (TensorElementType.Int64 or TensorElementType.Int32)).ToArray();
        if (unknown.Length > 0 || signature.Inputs.All(input => input.Name != Tokens))
        {
            throw new ModelLoadException($"This is not an encoder of text: it must take {Tokens} and may take {Mask} and {Segments}, of 32 or 64 bits; the model is {signature}.", modelId);
        }

        var output = outputName is not null
            ? signature.Outputs.FirstOrDefault(candidate => candidate.Name == outputName)
            : _outputs.Select(name => signature.Outputs.FirstOrDefault(candidate => candidate.Name == name)).FirstOrDefault(candidate => candidate is not null)
                ?? signature.Outputs.FirstOrDefault(IsVectors);
        return output is not null && IsVectors(output)
            ? new EncoderSignature(signature.Inputs, output)
            : throw new ModelLoadException($"There is no output {(outputName is null ? "" : $"'{outputName}' ")}of float32 with two or three axes; the model is {signature}.", modelId);
    }

    /// <summary>Declares what an encoder with a mask allows: texts are stacked, and filled up to the same length.</summary>
    public void Declare(ModelOptions options, double padding)
    {
        if (options.BatchAxes.Count > 0 || options.Padding.Count > 0 || Inputs.All(input => input.Name != Mask)) return;
        foreach (var input in Inputs)
        {
            options.BatchAxes[input.Name] = 0;
            if (input.Lengths[1] < 0) options.Padding[input.Name] = new AxisPadding(1, Value: input.Name == Tokens ? padding : 0);
        }

        options.BatchAxes[Output.Name] = 0;
        if (!IsPooled && Output.Lengths[1] < 0) options.Padding[Output.Name] = new AxisPadding(1);
    }

    private static bool IsVectors(TensorSpec output) => output.ElementType == TensorElementType.Float32 && output.Lengths.Length is 2 or 3;
}
