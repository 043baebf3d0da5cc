using System.Runtime.InteropServices;

namespace EdgeAI;

/// <summary>Aligned native host memory that it owns, freed with the last reference. Not zeroed by default.</summary>
public sealed unsafe class NativeBuffer : DeviceBuffer
{
    private void* _pointer;

    /// <summary>Allocates a block.</summary>
    /// <param name="byteLength">Size in bytes; 0 is allowed.</param>
    /// <param name="alignment">A power of two, in bytes.</param>
    /// <param name="clear">Whether to zero the block.</param>
    /// <exception cref="ArgumentException">The alignment is not a power of two.</exception>
    /// <exception cref="OutOfMemoryException">The system has no such block.</exception>
    public NativeBuffer(nuint byteLength, nuint alignment = 64, bool clear = false)
        : base(byteLength, isHostAccessible: true)
    {
        if (!nuint.IsPow2(alignment)) throw new ArgumentException($"The alignment of {alignment} is not a power of two.", nameof(alignment));
        _pointer = NativeMemory.AlignedAlloc(nuint.Max(byteLength, 1), alignment);
        if (clear) NativeMemory.Clear(_pointer, byteLength);
    }

    /// <inheritdoc/>
    public override nint Address => (nint)_pointer;

    /// <inheritdoc/>
    protected override void Free()
    {
        NativeMemory.AlignedFree(_pointer);
        _pointer = null;
    }

    /// <summary>Frees the block if its owner forgot to.</summary>
    ~NativeBuffer()
    {
        if (_pointer is not null) NativeMemory.AlignedFree(_pointer);
    }
}
