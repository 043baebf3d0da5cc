using EdgeAI.Devices;
using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.OnnxRuntime.Tests.Sessions;

/// <summary>
/// Stands in for a GPU's memory: the host must not touch its blocks, and ONNX Runtime is told that they are the CPU's, which is true. Counts and can misbehave.
/// </summary>
internal sealed class FixedMemory : IOnnxDeviceMemory
{
    private readonly Lock _gate = new();
    private readonly Dictionary<nint, nuint> _blocks = [];

    /// <summary>Blocks that are allocated and not freed.</summary>
    public int Live
    {
        get
        {
            lock (_gate) return _blocks.Count;
        }
    }

    public int Allocations { get; private set; }

    /// <summary>Copies from the host that did anything.</summary>
    public int CopiesIn { get; private set; }

    public int CopiesOut { get; private set; }

    /// <summary>How many blocks there are room for.</summary>
    public int Room { get; init; } = int.MaxValue;

    /// <summary>Copies from the host do nothing from this one on: as a graph that keeps the inputs of its capture.</summary>
    public int StaleFrom { get; set; } = int.MaxValue;

    /// <summary>What copies throw.</summary>
    public Exception? Fault { get; set; }

    public nuint Alignment => 64;

    public bool IsHostAccessible => false;

    public OrtMemoryInfo MemoryInfo { get; init; } = OrtMemoryInfo.DefaultInstance;

    public DeviceBuffer Allocate(nuint byteLength)
    {
        lock (_gate)
        {
            if (_blocks.Count == Room) throw new OutOfMemoryException("no room");
            Allocations++;
            var block = new Block(this, byteLength);
            _blocks.Add(block.Address, byteLength);
            return block;
        }
    }

    public ValueTask CopyAsync(TensorValue from, TensorValue to, CancellationToken cancellationToken = default)
    {
        if (Fault is not null) throw Fault;
        if (from.IsHostAccessible && CopiesIn + 1 >= StaleFrom) return ValueTask.CompletedTask;
        if (from.IsHostAccessible) CopiesIn++;
        else CopiesOut++;
        var bytes = from.ElementType.ByteLength(from.ElementCount);
        unsafe
        {
            Buffer.MemoryCopy((void*)from.Buffer.Address, (void*)to.Buffer.Address, bytes, bytes);
        }

        return ValueTask.CompletedTask;
    }

    public nint FindDeviceAddress(nint address, nuint byteLength)
    {
        lock (_gate) return _blocks.TryGetValue(address, out var length) && byteLength <= length ? address : 0;
    }

    private sealed class Block(FixedMemory memory, nuint byteLength) : DeviceBuffer(byteLength, isHostAccessible: false)
    {
        private readonly NativeBuffer _native = new(byteLength);

        public override nint Address => _native.Address;

        protected override void Free()
        {
            lock (memory._gate) memory._blocks.Remove(Address);
            _native.Dispose();
        }
    }
}
