using EdgeAI.Devices;

namespace EdgeAI.Samples.Neuromorphic;

/// <summary>The device's memory: a fixed number of bytes that the host can reach. Thread-safe.</summary>
internal sealed class NeuromorphicMemory(long capacity) : IDeviceMemory
{
    private long _used;

    public nuint Alignment => HostMemory.Shared.Alignment;

    public bool IsHostAccessible => true;

    public long FreeBytes => capacity - Interlocked.Read(ref _used);

    public DeviceBuffer Allocate(nuint byteLength)
    {
        Reserve(byteLength);
        try
        {
            return new Block(this, HostMemory.Shared.Allocate(byteLength));
        }
        catch
        {
            Return(byteLength);
            throw;
        }
    }

    public ValueTask CopyAsync(TensorValue from, TensorValue to, CancellationToken cancellationToken = default) => HostMemory.Shared.CopyAsync(from, to, cancellationToken);

    /// <summary>A tensor of 32-bit floats with undefined elements.</summary>
    public TensorValue AllocateTensor(ReadOnlySpan<nint> lengths) =>
        TensorValue.Create(Allocate(TensorElementType.Float32.ByteLength(TensorShape.GetElementCount(lengths))), TensorElementType.Float32, lengths);

    /// <summary>Takes bytes without a block of their own: synapses.</summary>
    /// <exception cref="OutOfMemoryException">There are not as many.</exception>
    public void Reserve(nuint byteLength)
    {
        long used;
        do
        {
            used = Interlocked.Read(ref _used);
            if (byteLength > (nuint)(capacity - used)) throw new OutOfMemoryException($"{byteLength} bytes were asked for, and {capacity - used} of {capacity} are free.");
        }
        while (Interlocked.CompareExchange(ref _used, used + (long)byteLength, used) != used);
    }

    public void Return(nuint byteLength) => Interlocked.Add(ref _used, -(long)byteLength);

    // A block that is never disposed is freed by its finaliser all the same, but stays counted.
    private sealed class Block(NeuromorphicMemory memory, DeviceBuffer storage) : DeviceBuffer(storage.ByteLength, isHostAccessible: true)
    {
        public override nint Address => storage.Address;

        protected override void Free()
        {
            storage.Dispose();
            memory.Return(ByteLength);
        }
    }
}
