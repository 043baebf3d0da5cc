namespace EdgeAI.Generation;

/// <summary>How an embedding model is served. Read when the generator is made; later changes have no effect.</summary>
public sealed class EmbeddingModelOptions
{
    /// <summary>How the vectors of tokens become one; <see langword="null"/> (default): as the folder's <c>1_Pooling/config.json</c> says, else the mean. Ignored where the model pools by itself.</summary>
    public EmbeddingPooling? Pooling { get; set; }

    /// <summary>Whether vectors have the length 1, so that their dot product is the cosine of their angle. Default: <see langword="true"/>.</summary>
    public bool Normalize { get; set; } = true;

    /// <summary>
    /// Tokens of a text that are read, 2 or more, special ones included; what is longer is cut at its end. <see langword="null"/> (default): as many as the folder's <c>config.json</c> says that the
    /// model has positions for, else 512.
    /// </summary>
    public int? MaxTokens { get; set; }

    /// <summary>Set before each text, such as <c>query: </c>, which some models are trained with. Default: nothing.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>The output to read; <see langword="null"/> (default): <c>sentence_embedding</c>, <c>last_hidden_state</c> or <c>token_embeddings</c>, else the first one of floats.</summary>
    public string? OutputName { get; set; }

    /// <summary>Texts that are in the engine at a time at most, 1 to 65,536; the engine stacks them into batches. Default: 64.</summary>
    public int MaxConcurrency { get; set; } = 64;

    /// <summary>How the engine serves the model. Batch axes and padding are filled in where there are none. Ignored where the caller brings a loaded model.</summary>
    public ModelOptions Model { get; } = new();

    /// <summary>Every option that is out of its range.</summary>
    internal IEnumerable<string> Check()
    {
        if (Pooling is { } pooling && !Enum.IsDefined(pooling)) yield return $"EmbeddingModelOptions.Pooling is {pooling}; it must be Mean, FirstToken or LastToken, or null.";
        if (MaxTokens < 2) yield return $"EmbeddingModelOptions.MaxTokens is {MaxTokens}; it must be 2 or more, or null.";
        if (Prefix is null) yield return "EmbeddingModelOptions.Prefix is null; it must be a text, which may be empty.";
        if (MaxConcurrency is < 1 or > 65_536) yield return $"EmbeddingModelOptions.MaxConcurrency is {MaxConcurrency}; it must be 1 to 65,536.";
    }
}
