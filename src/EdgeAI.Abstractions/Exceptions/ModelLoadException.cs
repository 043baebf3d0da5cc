namespace EdgeAI;

/// <summary>A model cannot be loaded: the file is missing, is not a model, was refused by the reader, or uses an operator that nothing here knows.</summary>
public sealed class ModelLoadException : EdgeAIException
{
    /// <summary>Creates an error.</summary>
    /// <param name="message">What is wrong with the model and what to do.</param>
    /// <param name="modelId">The model.</param>
    /// <param name="innerException">The cause.</param>
    public ModelLoadException(string message, string? modelId = null, Exception? innerException = null)
        : base(modelId is null ? message : $"{modelId}: {message}", innerException) => ModelId = modelId;

    /// <summary>The model; <see langword="null"/> where unknown.</summary>
    public string? ModelId { get; }

    /// <summary>The operator that is unknown, with its domain; <see langword="null"/> when that is not the reason.</summary>
    public string? UnknownOperator { get; init; }

    /// <inheritdoc/>
    public override bool IsTransient => false;
}
