using System.Globalization;
using System.Text.RegularExpressions;
using EdgeAI.Providers.Cuda.Interop;

namespace EdgeAI.Providers.Cuda.Sessions;

/// <summary>Judges errors by what ONNX Runtime passes on from CUDA, cuBLAS and cuDNN: a number, a constant's name or the runtime's sentence.</summary>
internal static partial class CudaFaults
{
    // Sentences of cudaGetErrorString and names of cudaError_t (driver_types.h) and CUresult (cuda.h), for messages that give no number.
    private static readonly string[] _lost =
    [
        "illegal memory access", "unspecified launch failure", "device-side assert", "misaligned address", "illegal instruction", "hardware stack error",
        "invalid program counter", "operation not supported on global/shared address space", "the launch timed out", "uncorrectable ECC error", "uncorrectable NVLink error",
        "context is destroyed", "cudaErrorIllegalAddress", "cudaErrorLaunchFailure", "cudaErrorLaunchTimeout", "cudaErrorAssert", "cudaErrorMisalignedAddress", "cudaErrorECCUncorrectable",
        "CUDA_ERROR_ILLEGAL_ADDRESS", "CUDA_ERROR_LAUNCH_FAILED", "CUDA_ERROR_LAUNCH_TIMEOUT", "CUDA_ERROR_ASSERT", "CUDA_ERROR_MISALIGNED_ADDRESS", "CUDA_ERROR_ECC_UNCORRECTABLE",
    ];

    // BFCArena's words are those of ONNX Runtime's own allocator.
    private static readonly string[] _outOfMemory =
    [
        "out of memory", "cudaErrorMemoryAllocation", "CUDA_ERROR_OUT_OF_MEMORY", "CUBLAS_STATUS_ALLOC_FAILED", "CUDNN_STATUS_ALLOC_FAILED",
        "Failed to allocate memory for requested buffer", "is smaller than requested bytes", "bad_alloc", "bad allocation",
    ];

    /// <summary>Judges a message.</summary>
    public static CudaFault Judge(string message)
    {
        // The number is CUDA's only right behind CUDA's name: cuBLAS and cuDNN count for themselves.
        if (CudaNumber().Match(message) is { Success: true } match && int.TryParse(match.Groups["code"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var code))
        {
            if (code == CudaResult.OutOfMemory) return CudaFault.OutOfMemory;
            if (CudaResult.IsSticky(code)) return CudaFault.Lost;
        }

        // Lost first: memory runs out in the wake of a lost context, too.
        return Contains(message, _lost) ? CudaFault.Lost : Contains(message, _outOfMemory) ? CudaFault.OutOfMemory : CudaFault.None;
    }

    private static bool Contains(string message, string[] words) => Array.Exists(words, word => message.Contains(word, StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex(@"\bCUDA (?:failure|error):? (?<code>\d+)\b", RegexOptions.IgnoreCase)]
    private static partial Regex CudaNumber();
}
