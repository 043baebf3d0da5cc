using EdgeAI.OnnxRuntime;

namespace EdgeAI.Providers.Cuda;

/// <summary>How NVIDIA GPUs are found and used. Every default works without tuning.</summary>
public sealed class CudaOptions
{
    /// <summary>The only GPU to use, 0 or more, as the CUDA driver counts them after <c>CUDA_VISIBLE_DEVICES</c>; <see langword="null"/> (default): all.</summary>
    public int? DeviceIndex { get; set; }

    /// <summary>
    /// The plugin library with ONNX Runtime's CUDA execution provider, or its folder; relative paths count from the application's folder. <see langword="null"/>
    /// (default): the environment variable <c>EDGEAI_CUDA_PROVIDER</c>, then <c>runtimes/&lt;rid&gt;/native</c> and the application's folder, then the provider
    /// inside a GPU build of ONNX Runtime.
    /// </summary>
    public string? ProviderLibrary { get; set; }

    /// <summary>The only folder to look in for the driver's libraries (<c>libcuda.so.1</c> and <c>libnvidia-ml.so.1</c>, or <c>nvcuda.dll</c> and <c>nvml.dll</c>), absolute; <see langword="null"/> (default): where the system looks.</summary>
    public string? DriverFolder { get; set; }

    /// <summary>The folder that holds the <c>proc</c> and <c>sys</c> trees to read, absolute. Default: <c>/</c>. Ignored where the system has none.</summary>
    public string SystemRoot { get; set; } = "/";

    /// <summary>The most GPU memory in bytes that ONNX Runtime's arena may take, 1 MiB or more; <see langword="null"/> (default): all. cuDNN's workspaces do not count.</summary>
    public long? MemoryLimitBytes { get; set; }

    /// <summary>How the arena grows. Default: by what is asked for, which suits models of changing shapes and leaves memory to others.</summary>
    public CudaArenaStrategy ArenaStrategy { get; set; } = CudaArenaStrategy.SameAsRequested;

    /// <summary>GPU memory in bytes that a session takes when it opens, for its runs, 1 MiB up to 4 GiB, at most <see cref="MemoryLimitBytes"/>; <see langword="null"/> (default): none.</summary>
    public long? PreallocatedBytes { get; set; }

    /// <summary>The priority of a session's kernels among those of other streams on the GPU. Default: the driver's. Plugin libraries use streams of their own and ignore it.</summary>
    public CudaStreamPriority StreamPriority { get; set; }

    /// <summary>Whether float32 matrix multiplications may round their inputs to TensorFloat-32 (10 bits of mantissa), which is much faster on GPUs since Ampere. Default: yes, as in ONNX Runtime; no gives answers nearer to the CPU's.</summary>
    public bool UseTf32 { get; set; } = true;

    /// <summary>Whether convolutions run with the channels last, where ONNX Runtime's build has such kernels. Default: no.</summary>
    public bool PreferNhwc { get; set; }

    /// <summary>Whether host buffers of a session's memory, in which the engine stacks batches, are page-locked, so that copies to the GPU need no staging. Default: yes. GPUs that use host memory in place (<see cref="UnifiedMemory"/>) do not ask.</summary>
    public bool UsePinnedMemory { get; set; } = true;

    /// <summary>What becomes of inputs and outputs on GPUs that share the system's memory. Default: they are used in place where the driver says that the GPU can. Ignored for GPUs with memory of their own.</summary>
    public CudaUnifiedMemory UnifiedMemory { get; set; }

    /// <summary>
    /// Whether runs are captured as CUDA graphs, one for each combination of input shapes that comes again, and replayed, which spares the processor the launch of
    /// each kernel. It takes GPU memory for the inputs and outputs of each graph, and one more copy of each on the GPU's side. Models that do not suit (control flow,
    /// operators, inputs or outputs on the CPU, random numbers) run as usual, with a warning in the log. Default: no.
    /// </summary>
    public bool UseCudaGraphs { get; set; }

    /// <summary>The most graphs of a session, 1 to 256; shapes beyond run as usual. Default: 8.</summary>
    public int MaxCudaGraphs { get; set; } = OnnxGraphCapture.DefaultMaxGraphs;

    /// <summary>
    /// Whether a model is refused when some of its operators would run on the CPU inside the session, apart from arithmetic on shapes, which belongs there. The
    /// error names them. <see langword="false"/>: it is taken, and counts as partly supported. Default: yes.
    /// </summary>
    public bool Strict { get; set; } = true;
}
