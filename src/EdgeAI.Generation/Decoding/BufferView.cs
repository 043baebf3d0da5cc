namespace EdgeAI.Generation;

/// <summary>A part of a block of memory, so that tensors of other shapes can be laid over it. Holds a reference to it.</summary>
internal sealed class BufferView : DeviceBuffer
{
    private readonly DeviceBuffer _parent;
    private readonly nint _address;

    public BufferView(DeviceBuffer parent, nuint byteOffset, nuint byteLength)
        : base(byteLength, parent.IsHostAccessible)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(byteOffset + byteLength, parent.ByteLength);
        parent.Retain();
        _parent = parent;
        _address = parent.Address + (nint)byteOffset;
    }

    public override nint Address => _address;

    protected override void Free() => _parent.Release();
}
