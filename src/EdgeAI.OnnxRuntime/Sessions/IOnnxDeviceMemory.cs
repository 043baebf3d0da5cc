using EdgeAI.Devices;
using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.OnnxRuntime;

/// <summary>
/// Memory that an execution provider uses where it lies: tensors in it are handed to ONNX Runtime as memory of the device, and nothing is copied. It may be
/// host-accessible too, where host and device share their memory. Thread-safe.
/// </summary>
public interface IOnnxDeviceMemory : IDeviceMemory
{
    /// <summary>What ONNX Runtime calls the memory: the kind that the execution provider computes in. Lives as long as this object.</summary>
    OrtMemoryInfo MemoryInfo { get; }

    /// <summary>The address by which the device knows these bytes; 0 where they do not all lie in this memory, or not so that kernels may use them there.</summary>
    /// <param name="address">A tensor's <see cref="DeviceBuffer.Address"/>.</param>
    /// <param name="byteLength">How many bytes it has, 1 or more.</param>
    nint FindDeviceAddress(nint address, nuint byteLength);
}
