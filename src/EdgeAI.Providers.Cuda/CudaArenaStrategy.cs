namespace EdgeAI.Providers.Cuda;

/// <summary>How ONNX Runtime's memory arena grows.</summary>
public enum CudaArenaStrategy
{
    /// <summary>By as much as is asked for (<c>kSameAsRequested</c>).</summary>
    SameAsRequested,

    /// <summary>By doubling (<c>kNextPowerOfTwo</c>): fewer allocations, more memory.</summary>
    NextPowerOfTwo,
}
