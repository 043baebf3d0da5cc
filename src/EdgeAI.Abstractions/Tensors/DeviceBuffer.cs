namespace EdgeAI;

/// <summary>
/// One contiguous block of host or device memory, the storage of a <see cref="TensorValue"/>. Its address does not change
/// while a reference is held. Reference counting is thread-safe; the contents are not synchronised.
/// </summary>
public abstract unsafe class DeviceBuffer : ReferenceCounted
{
    /// <summary>Describes the block.</summary>
    /// <param name="byteLength">Its size in bytes.</param>
    /// <param name="isHostAccessible">Whether the CPU may read the block at <see cref="Address"/>.</param>
    /// <param name="isReadOnly">Whether writing to it is forbidden.</param>
    protected DeviceBuffer(nuint byteLength, bool isHostAccessible, bool isReadOnly = false)
    {
        ByteLength = byteLength;
        IsHostAccessible = isHostAccessible;
        IsReadOnly = isReadOnly;
    }

    /// <summary>Size in bytes.</summary>
    public nuint ByteLength { get; }

    /// <summary>Whether the CPU may read and write the block at <see cref="Address"/>.</summary>
    public bool IsHostAccessible { get; }

    /// <summary>Whether writing to the block is forbidden.</summary>
    public bool IsReadOnly { get; }

    /// <summary>Where the block starts, in the address space of its device; fixed until the last reference is dropped. Managed memory is pinned by the first call.</summary>
    public abstract nint Address { get; }

    /// <summary>The first byte, for host-accessible blocks. Managed memory overrides this to be viewed without pinning.</summary>
    protected internal virtual ref byte FirstByte => ref *(byte*)Address;
}
