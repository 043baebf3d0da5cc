namespace EdgeAI.Generation;

/// <summary>How a model is built. Immutable.</summary>
public sealed record ModelBuildOptions
{
    /// <summary>The defaults.</summary>
    public static ModelBuildOptions Default { get; } = new();

    /// <summary>How the weights of projections are stored. Default: 4 bits.</summary>
    public ModelPrecision Precision { get; init; } = ModelPrecision.Int4;

    /// <summary>Weights that share a scale, 32 (default) or 128: fewer are more accurate, more are smaller and faster. Floats have none.</summary>
    public int BlockSize { get; init; } = 32;

    /// <summary>Whether blocks have a zero point too, which costs half a byte each and helps weights that do not centre on zero. Default: <see langword="false"/>.</summary>
    public bool Asymmetric { get; init; }

    /// <summary>Bits of the output projection where the others have 4: 8 (default), since it decides between close tokens, or 4. A large embedding that shares its weights has them too.</summary>
    public int OutputBits { get; init; } = 8;

    /// <summary>Layers, from 0, whose weights get 8 bits where the others have 4. Default: none.</summary>
    public IReadOnlyList<int> EightBitLayers { get; init; } = [];

    /// <summary>
    /// Positions that the model is to reach, 1 or more; <see langword="null"/> (default) for what it was made for. A model with two sets of rotary factors (longrope)
    /// gets those for its original context unless more is asked for here.
    /// </summary>
    public int? ContextLength { get; init; }

    /// <summary>
    /// How the built model keeps the keys and values of earlier tokens. Default: 32-bit floats. Codes of 8 bits take a quarter of the memory; their scales are measured with
    /// the built model, which needs ONNX Runtime's native library and the memory to load it.
    /// </summary>
    public KeyValueCacheType KeyValueCache { get; init; } = KeyValueCacheType.Float32;

    /// <summary>
    /// A UTF-8 text file that the scales of <see cref="KeyValueCacheType.Int8"/> are measured with, such as the model will read and write; its first 2,048 tokens are used.
    /// <see langword="null"/> (default): a text that is built in, or tokens that the model generates where the source has no tokenizer.
    /// </summary>
    public string? CalibrationFile { get; init; }

    /// <summary>Threads that quantise and measure, 1 or more; <see langword="null"/> (default) for one a processor.</summary>
    public int? Threads { get; init; }
}
