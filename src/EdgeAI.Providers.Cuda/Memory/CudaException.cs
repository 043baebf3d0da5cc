namespace EdgeAI.Providers.Cuda.Memory;

/// <summary>The driver refused a call, or reported what failed before it.</summary>
internal sealed class CudaException(int code, string message) : Exception(message)
{
    /// <summary>A <c>CUresult</c>.</summary>
    public int Code => code;
}
