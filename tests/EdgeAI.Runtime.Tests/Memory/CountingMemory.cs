using EdgeAI.Devices;

namespace EdgeAI.Memory;

/// <summary>Host memory of a limited size that counts its blocks.</summary>
internal sealed class CountingMemory : IDeviceMemory
{
    private long _bytes;
    private int _live;

    public int Live => _live;

    public long Capacity { get; init; } = long.MaxValue;

    public nuint Alignment => 64;

    public bool IsHostAccessible => true;

    public DeviceBuffer Allocate(nuint byteLength)
    {
        if (Interlocked.Add(ref _bytes, (long)byteLength) > Capacity)
        {
            Interlocked.Add(ref _bytes, -(long)byteLength);
            throw new OutOfMemoryException();
        }

        Interlocked.Increment(ref _live);
        return new Block(this, byteLength);
    }

    public ValueTask CopyAsync(TensorValue from, TensorValue to, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    private sealed class Block(CountingMemory memory, nuint byteLength) : DeviceBuffer(byteLength, isHostAccessible: true)
    {
        private readonly NativeBuffer _native = new(byteLength);

        public override nint Address => _native.Address;

        protected override void Free()
        {
            _native.Dispose();
            Interlocked.Add(ref memory._bytes, -(long)ByteLength);
            Interlocked.Decrement(ref memory._live);
        }
    }
}
