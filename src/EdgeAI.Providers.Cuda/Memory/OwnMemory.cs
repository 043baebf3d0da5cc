using EdgeAI.Devices;
using EdgeAI.OnnxRuntime;
using EdgeAI.Providers.Cuda.Interop;
using EdgeAI.Providers.Cuda.Sessions;
using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.Providers.Cuda.Memory;

/// <summary>The GPU's own memory, for buffers whose addresses must not change. Copies go through a stream of its own, and are done when they return. Thread-safe.</summary>
/// <param name="driver">The driver.</param>
/// <param name="device">The driver's device.</param>
/// <param name="memoryInfo">What ONNX Runtime calls the GPU's memory; asked for when it is first needed.</param>
internal sealed class OwnMemory(ICudaDriver driver, int device, Func<OrtMemoryInfo> memoryInfo) : IOnnxDeviceMemory, IDisposable
{
    private readonly BlockMap _blocks = new();
    private readonly Lazy<OrtMemoryInfo> _memoryInfo = new(memoryInfo);
    private readonly Lock _opening = new();
    private CudaStream? _stream;

    /// <summary>What the CUDA C programming guide promises of <c>cudaMalloc</c>, in bytes.</summary>
    public nuint Alignment => 256;

    public bool IsHostAccessible => false;

    public OrtMemoryInfo MemoryInfo => _memoryInfo.Value;

    public DeviceBuffer Allocate(nuint byteLength) => CudaBlock.TryAllocate(driver, device, BlockKind.Device, byteLength, _blocks, out var code)
        ?? throw new InsufficientMemoryException($"The GPU has no free block of {byteLength} bytes ({CudaResult.Describe(code)}).");

    public ValueTask CopyAsync(TensorValue from, TensorValue to, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        cancellationToken.ThrowIfCancellationRequested();
        if (from.IsHostAccessible && to.IsHostAccessible) return HostMemory.Shared.CopyAsync(from, to, cancellationToken);
        if (from.ElementType != to.ElementType || from.ElementCount != to.ElementCount)
        {
            throw new InvalidInputException([$"{from.ElementCount} elements of {from.ElementType.ToName()} cannot be copied to {to.ElementCount} of {to.ElementType.ToName()}; give both the same type and number of elements"]);
        }

        if (to.Buffer.IsReadOnly) throw new InvalidInputException(["the destination is read-only; create it over T[] or Memory<T>"]);
        var bytes = from.ElementType.ByteLength(from.ElementCount);
        if (bytes > 0) Copy(from, to, bytes);
        return ValueTask.CompletedTask;
    }

    public nint FindDeviceAddress(nint address, nuint byteLength) => _blocks.Find(address, byteLength);

    public void Dispose() => _stream?.Dispose();

    private void Copy(TensorValue from, TensorValue to, nuint bytes)
    {
        using var context = CudaContext.TryEnter(driver, device, out var code);
        if (context is not null && TryOpenStream(out code) is { } stream)
        {
            code = from.IsHostAccessible ? driver.CopyToDevice(to.Buffer.Address, from.Buffer.Address, bytes, stream)
                : to.IsHostAccessible ? driver.CopyToHost(to.Buffer.Address, from.Buffer.Address, bytes, stream)
                : driver.CopyOnDevice(to.Buffer.Address, from.Buffer.Address, bytes, stream);
            if (code == 0) code = driver.Synchronize(stream);
        }

        GC.KeepAlive(from);
        GC.KeepAlive(to);

        // The words are those that CudaFaults knows.
        if (code != 0) throw new CudaException(code, $"CUDA failure {code}: {CudaResult.Describe(code)}; copying {bytes} bytes {(from.IsHostAccessible ? "to" : to.IsHostAccessible ? "from" : "within")} the GPU");
    }

    private nint? TryOpenStream(out int code)
    {
        code = 0;
        lock (_opening) _stream ??= CudaStream.TryCreate(driver, device, CudaStreamPriority.Default, out code);
        return _stream?.Handle;
    }
}
