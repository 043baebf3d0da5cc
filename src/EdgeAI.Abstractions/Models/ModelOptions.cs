namespace EdgeAI;

/// <summary>
/// How one model is loaded and served. Every default works without tuning. Read when the model is loaded; later changes have no effect.
/// </summary>
public sealed class ModelOptions
{
    /// <summary>Folders outside the model's own that may hold its external data, as hub caches need. Default: none.</summary>
    public IList<string> ExternalDataRoots { get; } = [];

    /// <summary>The only device that may run the model, such as <c>cpu:0</c>; <see langword="null"/> (default) lets the engine choose.</summary>
    public string? DeviceId { get; set; }

    /// <summary>Requests that run at the same time, 1 to 256; <see langword="null"/> (default) lets the engine choose.</summary>
    public int? Lanes { get; set; }

    /// <summary>Threads that one run may use, 1 to 1024; <see langword="null"/> (default) lets the engine choose.</summary>
    public int? ThreadsPerLane { get; set; }

    /// <summary>Requests that may wait, 1 or more; <see langword="null"/> (default) takes <c>EdgeAIOptions.MaxQueueLength</c>.</summary>
    public int? MaxQueueLength { get; set; }

    /// <summary>The deadline of requests that have none, more than zero; <see langword="null"/> (default): no deadline.</summary>
    public TimeSpan? DefaultDeadline { get; set; }

    /// <summary>Whether the model is run once on zeros before it is ready, so that the first request is as fast as the later ones. Default: <see langword="false"/>.</summary>
    public bool WarmUp { get; set; }

    /// <summary>Fixed lengths for symbolic axes, by the symbol's name: lets a runtime plan memory ahead. Default: none.</summary>
    public IDictionary<string, long> FreeDimensionOverrides { get; } = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>Raw settings passed to the device's session as they are, by the runtime's own keys. Default: none.</summary>
    public IDictionary<string, string> SessionSettings { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Told of each step of loading, on the loading thread; <see langword="null"/> (default): nobody.</summary>
    public IProgress<ModelLoadProgress>? Progress { get; set; }
}
