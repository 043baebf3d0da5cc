namespace EdgeAI.Onnx;

/// <summary>How a model is written. Immutable.</summary>
public sealed record OnnxWriterOptions
{
    /// <summary>The defaults: everything in one file.</summary>
    public static OnnxWriterOptions Default { get; } = new();

    /// <summary>
    /// Initializers of this many bytes or more go to a second file, <c>&lt;model file name&gt;.data</c>. Default: <see langword="null"/>, none do; then
    /// the model must stay under 2 GB, protobuf's limit. 1024 is a good value where weights are large.
    /// </summary>
    public long? ExternalDataThreshold { get; init; }

    /// <summary>Each external tensor starts at a multiple of this many bytes: a power of two from 64. Default: 64, enough for every processor's vector loads.</summary>
    public int ExternalDataAlignment { get; init; } = 64;
}
