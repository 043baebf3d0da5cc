namespace EdgeAI.Providers.Cuda;

/// <summary>What becomes of inputs and outputs on GPUs that share the system's memory.</summary>
public enum CudaUnifiedMemory
{
    /// <summary>They are used where they lie, as far as the driver says that the GPU can; others are copied.</summary>
    Automatic,

    /// <summary>ONNX Runtime copies them within that memory, as for a GPU with memory of its own.</summary>
    Copy,
}
