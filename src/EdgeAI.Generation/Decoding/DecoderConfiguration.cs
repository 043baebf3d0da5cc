namespace EdgeAI.Generation;

/// <summary>What a model folder's <c>genai_config.json</c> says of its decoder, with ONNX Runtime GenAI's defaults for names it leaves out. Immutable.</summary>
internal sealed record DecoderConfiguration
{
    /// <summary>The family, such as <c>llama</c>.</summary>
    public required string Family { get; init; }

    /// <summary>The ONNX file's name, within the folder.</summary>
    public required string FileName { get; init; }

    /// <summary>Most positions that the model knows.</summary>
    public required int ContextLength { get; init; }

    public required int VocabularySize { get; init; }

    public required IReadOnlyList<int> EndTokens { get; init; }

    public required int Layers { get; init; }

    /// <summary>Heads of the queries.</summary>
    public required int AttentionHeads { get; init; }

    /// <summary>Heads of the key-value cache.</summary>
    public required int KeyValueHeads { get; init; }

    public required int HeadSize { get; init; }

    public string InputIds { get; init; } = "input_ids";

    public string AttentionMask { get; init; } = "attention_mask";

    /// <summary>Asked for only where the graph has it.</summary>
    public string PositionIds { get; init; } = "position_ids";

    /// <summary>With <c>%d</c> for the layer, as in the three below.</summary>
    public string PastKeys { get; init; } = "past_key_values.%d.key";

    public string PastValues { get; init; } = "past_key_values.%d.value";

    public string PresentKeys { get; init; } = "present.%d.key";

    public string PresentValues { get; init; } = "present.%d.value";

    public string Logits { get; init; } = "logits";
}
