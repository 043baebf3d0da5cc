using System.Collections.Immutable;

namespace EdgeAI.Generation;

/// <summary>A decoder in the terms that all families share. Immutable.</summary>
internal sealed record DecoderConfig
{
    /// <summary>The family as ONNX Runtime GenAI names it in <c>genai_config.json</c>.</summary>
    public required string Family { get; init; }

    public required int HiddenSize { get; init; }

    public required int LayerCount { get; init; }

    public required int HeadCount { get; init; }

    /// <summary>Divides <see cref="HeadCount"/>.</summary>
    public required int KeyValueHeadCount { get; init; }

    public required int HeadSize { get; init; }

    public required int FeedForwardSize { get; init; }

    /// <summary>Rows of the embedding and of the output projection.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Positions that the rotary tables cover.</summary>
    public required int ContextLength { get; init; }

    public required float NormEpsilon { get; init; }

    /// <summary>Added to the weights of norms: 1 where the checkpoint stores the difference from 1.</summary>
    public float NormOffset { get; init; }

    public NormPlacement Norms { get; init; } = NormPlacement.Before;

    public required RotaryConfig Rotary { get; init; }

    /// <summary>Whether the output projection uses the embedding's weights; <see langword="null"/>: where the checkpoint has none of its own.</summary>
    public bool? TiesEmbeddings { get; init; }

    public bool HasQueryKeyValueBias { get; init; }

    public bool HasAttentionOutputBias { get; init; }

    public bool HasFeedForwardBias { get; init; }

    /// <summary>Whether each head's query and key are normalised before the rotary embedding.</summary>
    public bool HasQueryKeyNorms { get; init; }

    /// <summary>Whether the checkpoint stores query, key and value as one weight, and gate and up as another.</summary>
    public bool IsPacked { get; init; }

    /// <summary>How many last positions each layer sees, its own included; <see langword="null"/> for all. One entry a layer.</summary>
    public required ImmutableArray<int?> SlidingWindows { get; init; }

    public Activation Activation { get; init; } = Activation.Silu;

    /// <summary>Multiplies the embeddings.</summary>
    public float EmbeddingScale { get; init; } = 1;

    /// <summary>Multiplies the products of queries and keys.</summary>
    public required float AttentionScale { get; init; }

    /// <summary>c in c * tanh(x / c) on the scaled products; <see langword="null"/> for none.</summary>
    public float? AttentionSoftCap { get; init; }

    /// <summary>The same on the logits.</summary>
    public float? LogitSoftCap { get; init; }

    /// <summary>How heads lie in the graph and in the cache.</summary>
    public HeadLayout Heads => new(HeadSize, Rotary.Size);
}
