using System.Runtime.CompilerServices;

namespace EdgeAI;

/// <summary>A part of another block; holds a reference to it.</summary>
internal sealed class BufferSlice : DeviceBuffer
{
    private readonly DeviceBuffer _parent;
    private readonly nuint _offset;

    public BufferSlice(DeviceBuffer parent, nuint offset, nuint byteLength)
        : base(byteLength, parent.IsHostAccessible, parent.IsReadOnly)
    {
        parent.Retain();
        _parent = parent;
        _offset = offset;
    }

    public override nint Address => _parent.Address + (nint)_offset;

    protected internal override ref byte FirstByte => ref Unsafe.AddByteOffset(ref _parent.FirstByte, _offset);

    protected override void Free() => _parent.Release();
}
