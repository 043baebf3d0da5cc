using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeAI;

/// <summary>Managed memory of the caller, pinned only when native code asks for its address.</summary>
internal sealed unsafe class MemoryBuffer<T> : DeviceBuffer where T : unmanaged
{
    private readonly ReadOnlyMemory<T> _memory;
    private readonly IMemoryOwner<T>? _owner;
    private readonly Lock _pinning = new();
    private MemoryHandle _handle;
    private nint _address;

    public MemoryBuffer(ReadOnlyMemory<T> memory, bool isReadOnly, IMemoryOwner<T>? owner = null)
        : base((nuint)memory.Length * (nuint)sizeof(T), isHostAccessible: true, isReadOnly)
    {
        _memory = memory;
        _owner = owner;
    }

    public override nint Address => _address != 0 || _memory.IsEmpty ? _address : Pin();

    protected internal override ref byte FirstByte => ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(_memory.Span));

    private nint Pin()
    {
        lock (_pinning)
        {
            ObjectDisposedException.ThrowIf(IsFreed, this);
            if (_address == 0)
            {
                _handle = _memory.Pin();
                _address = (nint)_handle.Pointer;
            }

            return _address;
        }
    }

    protected override void Free()
    {
        lock (_pinning)
        {
            _handle.Dispose();
            _address = 0;
        }

        _owner?.Dispose();
    }
}
