using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using EdgeAI.Devices;

namespace EdgeAI.Memory;

/// <summary>
/// Reuses blocks of one device memory by size class. A block comes back when its last reference is dropped.
/// Thread-safe. Blocks that are out when the pool is disposed are freed when they come back.
/// </summary>
/// <param name="memory">Where blocks come from.</param>
/// <param name="maxIdleBytes">Bytes that may wait to be reused. One size class gets half of them, or one block, so that one odd size cannot hold everything.</param>
/// <param name="clearOnReturn">Whether blocks are zeroed when they come back.</param>
/// <param name="budget">The account of the memory; <see langword="null"/> where nobody keeps one.</param>
/// <param name="trimmer">Told when blocks become idle and when one must be allocated.</param>
internal sealed class BufferPool(IDeviceMemory memory, nuint maxIdleBytes, bool clearOnReturn, MemoryBudget? budget = null, IdleTrimmer? trimmer = null) : IDisposable
{
    private readonly IdleBlocks?[] _idle = new IdleBlocks?[SizeClasses.Count];
    private readonly Lock _gate = new();
    private long _rentedBytes;
    private nuint _idleBytes;
    private bool _isDisposed;

    /// <summary>Bytes that are out, rounded up to their size classes.</summary>
    public long RentedBytes => Interlocked.Read(ref _rentedBytes);

    /// <summary>Bytes that wait to be reused.</summary>
    public nuint IdleBytes => Volatile.Read(ref _idleBytes);

    /// <summary>A block of at least this size; contents are undefined unless blocks are cleared on return.</summary>
    /// <exception cref="OutOfMemoryException">The budget or the device has no room for it, even after idle blocks were freed.</exception>
    public DeviceBuffer Rent(nuint byteLength) => Rent(byteLength, out var failure) ?? throw (failure ?? budget!.Exhausted((long)byteLength));

    /// <summary>As <see cref="Rent(nuint)"/>, for callers that can do with less.</summary>
    public bool TryRent(nuint byteLength, [NotNullWhen(true)] out DeviceBuffer? buffer)
    {
        buffer = Rent(byteLength, out _);
        return buffer is not null;
    }

    /// <summary>Frees the idle blocks.</summary>
    public void Trim() => Trim(nuint.MaxValue);

    /// <summary>Frees idle blocks, large ones first, until at least so many bytes are free.</summary>
    /// <returns>The bytes that were freed.</returns>
    public nuint Trim(nuint bytes)
    {
        List<PooledBlock> dropped = [];
        nuint freed = 0;
        lock (_gate)
        {
            for (var i = _idle.Length - 1; i >= 0 && freed < bytes && _idleBytes > freed; i--) freed += _idle[i]?.Drop(bytes - freed, dropped) ?? 0;
            _idleBytes -= freed;
        }

        Free(dropped);
        return freed;
    }

    /// <summary>Frees blocks of the size classes that nobody asked for since the last call: half of them at first, the others at the next call.</summary>
    public void TrimUnused()
    {
        List<PooledBlock> dropped = [];
        lock (_gate)
        {
            foreach (var blocks in _idle) _idleBytes -= blocks?.DropUnused(dropped) ?? 0;
        }

        Free(dropped);
    }

    public void Dispose()
    {
        lock (_gate) _isDisposed = true;
        Trim();
    }

    /// <summary>A block was freed.</summary>
    public void Uncharge(PooledBlock block) => budget?.Refund((long)block.Size);

    /// <summary>A block was lost while it was out.</summary>
    public void Lose(PooledBlock block)
    {
        Interlocked.Add(ref _rentedBytes, -(long)block.Size);
        Uncharge(block);
    }

    private PooledBuffer? Rent(nuint byteLength, out InsufficientMemoryException? failure)
    {
        if (byteLength > (nuint)nint.MaxValue / 2)
        {
            failure = new InsufficientMemoryException($"No memory has a block of {byteLength} bytes.");
            return null;
        }

        failure = null;
        var size = SizeClasses.RoundUp(byteLength);
        var block = TakeIdle(size);
        if (block is null)
        {
            trimmer?.Missed();
            block = TryAllocate(size, out failure);
            if (block is null) return null;
        }

        Interlocked.Add(ref _rentedBytes, (long)size);
        return new PooledBuffer(block, byteLength);
    }

    private PooledBlock? TakeIdle(nuint size)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            var block = Class(size).Take();
            if (block is not null) _idleBytes -= size;
            return block;
        }
    }

    private PooledBlock? TryAllocate(nuint size, out InsufficientMemoryException? failure)
    {
        failure = null;
        if (budget?.TryCharge((long)size) == false) return null;
        try
        {
            return new PooledBlock(this, Allocate(size), size);
        }
        catch (Exception exception)
        {
            budget?.Refund((long)size);
            if (exception is not OutOfMemoryException) throw;
            failure = new InsufficientMemoryException($"The device has no free block of {size} bytes: {exception.Message}", exception);
            return null;
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

    private void Return(PooledBlock block)
    {
        if (clearOnReturn && block.Buffer.IsHostAccessible) Clear(block.Buffer);
        bool isKept;
        lock (_gate)
        {
            var blocks = Class(block.Size);
            isKept = !_isDisposed && _idleBytes + block.Size <= maxIdleBytes && (blocks.Bytes == 0 || blocks.Bytes + block.Size <= maxIdleBytes / 2);
            if (isKept)
            {
                blocks.Add(block);
                _idleBytes += block.Size;
            }
        }

        // Also the fence that those rely on who are told of an idle block.
        Interlocked.Add(ref _rentedBytes, -(long)block.Size);
        if (isKept)
        {
            trimmer?.BecameIdle();
            budget?.ServeWaiters();
        }
        else
        {
            block.Dispose();
        }
    }

    private IdleBlocks Class(nuint size) => _idle[SizeClasses.IndexOf(size)] ??= new IdleBlocks(size);

    private static void Free(List<PooledBlock> blocks)
    {
        foreach (var block in blocks) block.Dispose();
    }

    private static unsafe void Clear(DeviceBuffer block) =>
        NativeMemory.Clear((void*)block.Address, block.ByteLength);

    /// <summary>
    /// One loan of a block, and the one allocation of a rent. Not reused for the next loan: an owner may dispose it again at any later
    /// time, which must do nothing, and would take the block from the next renter if the object were that renter's.
    /// </summary>
    private sealed class PooledBuffer(PooledBlock block, nuint byteLength) : DeviceBuffer(byteLength, block.Buffer.IsHostAccessible)
    {
        public override nint Address => block.Buffer.Address;

        protected override void Free() => block.Pool.Return(block);
    }
}
