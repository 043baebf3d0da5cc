using EdgeAI.Devices;
using EdgeAI.Providers.Cuda.Interop;

namespace EdgeAI.Providers.Cuda.Memory;

/// <summary>
/// Host memory that the GPU copies from and to directly. The system has little of it: where it refuses, ordinary memory serves, only slower. Thread-safe.
/// </summary>
internal sealed class PinnedMemory(ICudaDriver driver, int device) : IDeviceMemory
{
    /// <summary>That of ordinary memory; page-locked blocks start at pages.</summary>
    public nuint Alignment => HostMemory.Shared.Alignment;

    public bool IsHostAccessible => true;

    public DeviceBuffer Allocate(nuint byteLength) => (DeviceBuffer?)CudaBlock.TryAllocate(driver, device, BlockKind.Host, byteLength, map: null, out _) ?? HostMemory.Shared.Allocate(byteLength);

    public ValueTask CopyAsync(TensorValue from, TensorValue to, CancellationToken cancellationToken = default) => HostMemory.Shared.CopyAsync(from, to, cancellationToken);
}
