using System.Runtime.InteropServices;

namespace EdgeAI.Devices;

/// <summary>The host's own memory, aligned to a cache line. Thread-safe; <see cref="Shared"/> is enough for everybody.</summary>
public sealed unsafe class HostMemory : IDeviceMemory
{
    private HostMemory()
    {
    }

    /// <summary>The one instance.</summary>
    public static HostMemory Shared { get; } = new();

    /// <inheritdoc/>
    public nuint Alignment => 64;

    /// <inheritdoc/>
    public bool IsHostAccessible => true;

    /// <inheritdoc/>
    public DeviceBuffer Allocate(nuint byteLength) => new NativeBuffer(byteLength, Alignment);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The tensors differ in type or number of elements, or one is not in host memory.</exception>
    public ValueTask CopyAsync(TensorValue from, TensorValue to, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        if (from.ElementType != to.ElementType || from.ElementCount != to.ElementCount)
        {
            throw new ArgumentException($"Cannot copy {from.ElementCount} elements of {from.ElementType.ToName()} to {to.ElementCount} of {to.ElementType.ToName()}.", nameof(to));
        }

        if (!from.IsHostAccessible || !to.IsHostAccessible) throw new ArgumentException("Host memory copies between host tensors only; use the device's own memory.", nameof(to));
        if (to.Buffer.IsReadOnly) throw new ArgumentException("The destination is read-only.", nameof(to));
        cancellationToken.ThrowIfCancellationRequested();
        NativeMemory.Copy((void*)from.Buffer.Address, (void*)to.Buffer.Address, from.ElementType.ByteLength(from.ElementCount));
        return ValueTask.CompletedTask;
    }
}
