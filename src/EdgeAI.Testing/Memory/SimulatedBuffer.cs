using System.Runtime.InteropServices;

namespace EdgeAI.Testing;

/// <summary>A block of a simulated device: host memory underneath, which the host may be forbidden to touch.</summary>
internal sealed unsafe class SimulatedBuffer : DeviceBuffer
{
    private readonly SimulatedMemory _memory;
    private void* _pointer;

    public SimulatedBuffer(SimulatedMemory memory, nuint byteLength)
        : base(byteLength, memory.IsHostAccessible)
    {
        _memory = memory;
        _pointer = NativeMemory.AlignedAlloc(nuint.Max(byteLength, 1), memory.Alignment);
    }

    public override nint Address => (nint)_pointer;

    protected override void Free()
    {
        NativeMemory.AlignedFree(_pointer);
        _pointer = null;
        _memory.Return(ByteLength);
    }

    ~SimulatedBuffer()
    {
        if (_pointer is not null) NativeMemory.AlignedFree(_pointer);
    }
}
