namespace EdgeAI.Generation;

/// <summary>What a model for text generation is. Immutable.</summary>
public sealed record GenerationModelInfo
{
    /// <summary>The folder's name, or another that identifies the model in messages.</summary>
    public required string Id { get; init; }

    /// <summary>The family, such as <c>llama</c> or <c>qwen2</c>, as the folder's metadata says.</summary>
    public required string Family { get; init; }

    /// <summary>Rows of the model's output: token ids reach from 0 to one less.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Most tokens of prompt and answer together: what the model was made for, or less where the options say so.</summary>
    public required int ContextLength { get; init; }

    /// <summary>Tokens that end an answer.</summary>
    public required IReadOnlyList<int> EndTokens { get; init; }

    /// <summary>Sequences that are decoded together at most.</summary>
    public required int MaxSequences { get; init; }

    /// <summary>The device that it is loaded on, such as <c>cpu:0</c>; <see langword="null"/> where unknown.</summary>
    public string? DeviceId { get; init; }

    /// <summary>Why that device was chosen, as a clause for people; <see langword="null"/> where unknown.</summary>
    public string? DeviceReason { get; init; }
}
