namespace EdgeAI.Devices;

/// <summary>The host's memory: aligned native blocks. Thread-safe.</summary>
public sealed class HostMemory : IDeviceMemory
{
    private HostMemory()
    {
    }

    /// <summary>The only instance.</summary>
    public static HostMemory Shared { get; } = new();

    /// <summary>64: a cache line, and the widest vector register.</summary>
    public nuint Alignment => 64;

    /// <inheritdoc/>
    public bool IsHostAccessible => true;

    /// <inheritdoc/>
    public DeviceBuffer Allocate(nuint byteLength) => new NativeBuffer(byteLength, Alignment);

    /// <inheritdoc/>
    /// <exception cref="InvalidInputException">Types or numbers of elements differ, a side holds strings, or the destination is read-only.</exception>
    /// <exception cref="NotSupportedException">A side is not host-accessible.</exception>
    public ValueTask CopyAsync(TensorValue from, TensorValue to, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        cancellationToken.ThrowIfCancellationRequested();
        Copy(from, to);
        return ValueTask.CompletedTask;
    }

    private static unsafe void Copy(TensorValue from, TensorValue to)
    {
        if (from.ElementType != to.ElementType || from.ElementCount != to.ElementCount || from.ElementType.BitWidth() == 0)
        {
            throw new InvalidInputException([$"{from.ElementType.ToName()}{TensorShape.Format(from.Lengths)} cannot be copied to {to.ElementType.ToName()}{TensorShape.Format(to.Lengths)}; both sides need the same numeric type and number of elements"]);
        }

        if (!from.IsHostAccessible || !to.IsHostAccessible) throw new NotSupportedException("Host memory copies between host tensors only; use the IDeviceMemory of the device that the other tensor lies in.");
        if (to.Buffer.IsReadOnly) throw new InvalidInputException(["the destination is read-only; create it over T[] or Memory<T>"]);

        var bytes = from.ElementType.ByteLength(from.ElementCount);
        if (bytes != 0) Buffer.MemoryCopy((void*)from.Buffer.Address, (void*)to.Buffer.Address, bytes, bytes);
        GC.KeepAlive(from);
        GC.KeepAlive(to);
    }
}
