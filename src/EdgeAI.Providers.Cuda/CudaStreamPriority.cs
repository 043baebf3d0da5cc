namespace EdgeAI.Providers.Cuda;

/// <summary>How urgent a session's kernels are to the GPU's scheduler.</summary>
public enum CudaStreamPriority
{
    /// <summary>ONNX Runtime's own stream.</summary>
    Default,

    /// <summary>The least that the GPU knows: for work in the background.</summary>
    Lowest,

    /// <summary>The greatest that the GPU knows.</summary>
    Highest,
}
