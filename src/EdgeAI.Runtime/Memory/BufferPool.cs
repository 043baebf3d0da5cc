using System.Runtime.InteropServices;
using EdgeAI.Devices;

namespace EdgeAI.Memory;

/// <summary>
/// Reuses blocks of one device memory by size class. A block comes back when its last reference is dropped.
/// Thread-safe. Blocks that are out when the pool is disposed are freed when they come back.
/// </summary>
internal sealed class BufferPool(IDeviceMemory memory, nuint maxIdleBytes, bool clearOnReturn) : IDisposable
{
    private readonly Dictionary<nuint, Stack<DeviceBuffer>> _idle = [];
    private readonly Lock _gate = new();
    private long _rentedBytes;
    private nuint _idleBytes;
    private bool _isDisposed;

    /// <summary>Bytes that are out, rounded up to their size classes.</summary>
    public long RentedBytes => Interlocked.Read(ref _rentedBytes);

    /// <summary>Bytes that wait to be reused.</summary>
    public nuint IdleBytes => _idleBytes;

    /// <summary>A block of at least this size; contents are undefined unless blocks are cleared on return.</summary>
    /// <exception cref="OutOfMemoryException">The device has no such block, even after idle ones were freed.</exception>
    public DeviceBuffer Rent(nuint byteLength)
    {
        var size = SizeClasses.RoundUp(byteLength);
        var block = TakeIdle(size) ?? Allocate(size);
        Interlocked.Add(ref _rentedBytes, (long)size);
        return new PooledBuffer(this, block, size, byteLength);
    }

    /// <summary>Frees the idle blocks.</summary>
    public void Trim()
    {
        List<DeviceBuffer> freed = [];
        lock (_gate)
        {
            foreach (var stack in _idle.Values) freed.AddRange(stack);
            _idle.Clear();
            _idleBytes = 0;
        }

        foreach (var block in freed) block.Dispose();
    }

    public void Dispose()
    {
        lock (_gate) _isDisposed = true;
        Trim();
    }

    private DeviceBuffer? TakeIdle(nuint size)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            if (!_idle.TryGetValue(size, out var stack) || !stack.TryPop(out var block)) return null;
            _idleBytes -= size;
            return block;
        }
    }

    private DeviceBuffer Allocate(nuint size)
    {
        try
        {
            return memory.Allocate(size);
        }
        catch (OutOfMemoryException)
        {
            // Idle blocks of other sizes may be what is in the way.
            Trim();
            return memory.Allocate(size);
        }
    }

    private void Return(DeviceBuffer block, nuint size)
    {
        Interlocked.Add(ref _rentedBytes, -(long)size);
        if (clearOnReturn && block.IsHostAccessible) Clear(block);
        lock (_gate)
        {
            if (!_isDisposed && _idleBytes + size <= maxIdleBytes)
            {
                if (!_idle.TryGetValue(size, out var stack)) _idle[size] = stack = new();
                stack.Push(block);
                _idleBytes += size;
                return;
            }
        }

        block.Dispose();
    }

    private static unsafe void Clear(DeviceBuffer block) =>
        NativeMemory.Clear((void*)block.Address, block.ByteLength);

    /// <summary>One loan of a block.</summary>
    private sealed class PooledBuffer(BufferPool pool, DeviceBuffer block, nuint size, nuint byteLength)
        : DeviceBuffer(byteLength, block.IsHostAccessible)
    {
        public override nint Address => block.Address;

        protected override void Free() => pool.Return(block, size);
    }
}
