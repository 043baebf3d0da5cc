namespace EdgeAI.Devices;

/// <summary>The memory of a device. Thread-safe.</summary>
public interface IDeviceMemory
{
    /// <summary>What <see cref="DeviceBuffer.Address"/> is a multiple of, in bytes.</summary>
    nuint Alignment { get; }

    /// <summary>Whether the CPU can read and write it in place.</summary>
    bool IsHostAccessible { get; }

    /// <summary>Allocates a block that the caller disposes. Raw: the engine pools. Contents are undefined.</summary>
    /// <exception cref="OutOfMemoryException">There is no such block.</exception>
    DeviceBuffer Allocate(nuint byteLength);

    /// <summary>Copies elements; one side at least lies in this memory, the other in it or in host memory. Both have the same type and number of elements.</summary>
    /// <exception cref="InvalidInputException">Type or number of elements differ.</exception>
    /// <exception cref="OperationCanceledException">The copy was stopped by the token.</exception>
    ValueTask CopyAsync(TensorValue from, TensorValue to, CancellationToken cancellationToken = default);
}
