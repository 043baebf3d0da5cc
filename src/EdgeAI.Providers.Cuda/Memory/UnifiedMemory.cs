using EdgeAI.Devices;
using EdgeAI.OnnxRuntime;
using EdgeAI.Providers.Cuda.Interop;
using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.Providers.Cuda.Memory;

/// <summary>
/// The memory of a GPU that shares the system's: host and GPU use the same bytes, so that ONNX Runtime has nothing to copy. Where the driver refuses a block,
/// ordinary memory serves, which is copied. Thread-safe.
/// </summary>
/// <param name="driver">The driver.</param>
/// <param name="device">The driver's device.</param>
/// <param name="access">How the GPU uses host memory.</param>
/// <param name="memoryInfo">What ONNX Runtime calls the GPU's memory; asked for when it is first needed.</param>
internal sealed class UnifiedMemory(ICudaDriver driver, int device, InPlaceAccess access, Func<OrtMemoryInfo> memoryInfo) : IOnnxDeviceMemory
{
    // What cudaMalloc aligns to, and cuBLAS and cuDNN choose kernels for; a kernel that loads whole vectors from another address faults, and takes the process's GPU with it.
    private const int KernelAlignment = 256;

    private readonly BlockMap _blocks = new();
    private readonly Lazy<OrtMemoryInfo> _memoryInfo = new(memoryInfo);

    /// <summary>That of ordinary memory; the driver's blocks start at pages.</summary>
    public nuint Alignment => HostMemory.Shared.Alignment;

    public bool IsHostAccessible => true;

    public OrtMemoryInfo MemoryInfo => _memoryInfo.Value;

    public DeviceBuffer Allocate(nuint byteLength) => (DeviceBuffer?)CudaBlock.TryAllocate(driver, device, access.Blocks, byteLength, _blocks, out _) ?? HostMemory.Shared.Allocate(byteLength);

    public ValueTask CopyAsync(TensorValue from, TensorValue to, CancellationToken cancellationToken = default) => HostMemory.Shared.CopyAsync(from, to, cancellationToken);

    public nint FindDeviceAddress(nint address, nuint byteLength)
    {
        var found = _blocks.Find(address, byteLength);
        if (found == 0 && access.IncludesAny) found = address;
        return found % KernelAlignment == 0 ? found : 0;
    }
}
