namespace EdgeAI.Generation;

/// <summary>How a model folder is loaded and served. Every default works without tuning. Read when the model is loaded; later changes have no effect.</summary>
public sealed class TextGeneratorOptions
{
    /// <summary>Whether the model is loaded when a generic host starts, so that the first request need not wait for it; the start fails where it cannot be loaded. Default: <see langword="false"/>.</summary>
    public bool WarmUp { get; set; }

    /// <summary>Threads of a run, 1 to 1024; <see langword="null"/> (default): the device's usable physical cores.</summary>
    public int? Threads { get; set; }
}
