using Microsoft.Extensions.Options;

namespace EdgeAI.Providers.Cuda;

/// <summary>Reports every error at once.</summary>
internal sealed class CudaOptionsValidator : IValidateOptions<CudaOptions>
{
    public const long MinBytes = 1L << 20;

    // ONNX Runtime's allocator takes 32 bits.
    public const long MaxPreallocatedBytes = uint.MaxValue;

    public const int MaxGraphs = 256;

    public ValidateOptionsResult Validate(string? name, CudaOptions options)
    {
        List<string> errors = [];
        if (options.DeviceIndex < 0) errors.Add($"CudaOptions.DeviceIndex is {options.DeviceIndex}; it must be 0 or more, or null for all GPUs.");
        if (options.ProviderLibrary?.Trim().Length == 0) errors.Add("CudaOptions.ProviderLibrary is empty; name a file or folder, or leave it null.");
        if (options.DriverFolder is { } folder && !Path.IsPathRooted(folder)) errors.Add($"CudaOptions.DriverFolder is '{folder}'; it must be an absolute path, or null for where the system looks.");
        if (!Path.IsPathRooted(options.SystemRoot)) errors.Add($"CudaOptions.SystemRoot is '{options.SystemRoot}'; it must be an absolute path, such as '/'.");
        if (options.MemoryLimitBytes < MinBytes) errors.Add($"CudaOptions.MemoryLimitBytes is {options.MemoryLimitBytes}; it must be {MinBytes} or more, or null for all.");
        if (options.PreallocatedBytes is < MinBytes or > MaxPreallocatedBytes) errors.Add($"CudaOptions.PreallocatedBytes is {options.PreallocatedBytes}; it must be {MinBytes} to {MaxPreallocatedBytes}, or null for none.");
        if (options.PreallocatedBytes > options.MemoryLimitBytes) errors.Add($"CudaOptions.PreallocatedBytes is {options.PreallocatedBytes}, more than the MemoryLimitBytes of {options.MemoryLimitBytes}.");
        if (!Enum.IsDefined(options.ArenaStrategy)) errors.Add($"CudaOptions.ArenaStrategy is {(int)options.ArenaStrategy}, which is none of its values.");
        if (!Enum.IsDefined(options.StreamPriority)) errors.Add($"CudaOptions.StreamPriority is {(int)options.StreamPriority}, which is none of its values.");
        if (!Enum.IsDefined(options.UnifiedMemory)) errors.Add($"CudaOptions.UnifiedMemory is {(int)options.UnifiedMemory}, which is none of its values.");
        if (options.MaxCudaGraphs is < 1 or > MaxGraphs) errors.Add($"CudaOptions.MaxCudaGraphs is {options.MaxCudaGraphs}; it must be 1 to {MaxGraphs}. To capture none, set UseCudaGraphs to false.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
