namespace EdgeAI.Generation;

/// <summary>What a build made and took. Immutable.</summary>
public sealed record ModelBuildReport
{
    /// <summary>The full path of the model's folder.</summary>
    public required string Output { get; init; }

    /// <summary>The family, as in <c>genai_config.json</c>.</summary>
    public required string Family { get; init; }

    /// <summary>Weights in the source, one that is used twice counted once.</summary>
    public required long Parameters { get; init; }

    /// <summary>Bytes of weights in the folder.</summary>
    public required long WeightBytes { get; init; }

    /// <summary>How the projections are stored.</summary>
    public required ModelPrecision Precision { get; init; }

    /// <summary>Root of the mean square of what quantisation changed, over that of the weights it applied to; <see langword="null"/> where nothing was quantised.</summary>
    public double? WeightError { get; init; }

    /// <summary>How the model keeps keys and values.</summary>
    public KeyValueCacheType KeyValueCache { get; init; } = KeyValueCacheType.Float32;

    /// <summary>Bytes that one token takes in the key-value cache, over all layers.</summary>
    public long CacheBytesPerToken { get; init; }

    /// <summary>How long it took.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The most memory that the process has had resident, by the end of the build.</summary>
    public required long PeakMemoryBytes { get; init; }
}
