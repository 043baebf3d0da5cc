namespace EdgeAI.OnnxRuntime;

/// <summary>
/// Has a session's runs captured by its execution provider as graphs that are replayed, one for each combination of input shapes. Immutable.
/// </summary>
/// <remarks>
/// A replay reads and writes the addresses of the captured run, so the session keeps buffers of its own on the device, and copies inputs to them and outputs
/// from them. A shape runs twice as usual. The second time its graph is captured besides, on inputs that are all zero, and replayed on the real ones: only
/// where that gives the answer of the usual run is it used from then on. Shapes that cannot be captured, or come when there are enough graphs, run as usual.
/// The session takes one run at a time; the execution provider keeps a graph for each thread that runs it.
/// </remarks>
public sealed record OnnxGraphCapture
{
    /// <summary>The default of <see cref="MaxGraphs"/>.</summary>
    public const int DefaultMaxGraphs = 8;

    /// <summary>Where the fixed buffers lie: memory that the execution provider computes in.</summary>
    public required IOnnxDeviceMemory Memory { get; init; }

    /// <summary>The most graphs of the session, 1 or more. Each holds the buffers of its inputs and outputs for as long as the session lives. Default: 8.</summary>
    public int MaxGraphs { get; init; } = DefaultMaxGraphs;

    /// <summary>Keeps captures apart from other runs and loads on the same GPU, for all its sessions; <see langword="null"/>: nothing else runs there.</summary>
    public OnnxCaptureGate? Gate { get; init; }
}
