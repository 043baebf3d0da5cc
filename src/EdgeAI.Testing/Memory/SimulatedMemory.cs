using EdgeAI.Devices;

namespace EdgeAI.Testing;

/// <summary>The memory of a simulated device: counted, limited, and closed to the host where the options say so.</summary>
internal sealed class SimulatedMemory(
    string deviceId,
    long? limit,
    nuint alignment,
    bool isHostAccessible,
    Func<nuint, CancellationToken, ValueTask>? transfer = null) : IDeviceMemory
{
    private readonly Lock _gate = new();
    private long _live;
    private long _peak;
    private long _allocated;
    private int _buffers;

    public nuint Alignment => alignment;

    public bool IsHostAccessible => isHostAccessible;

    public long LiveBytes => Interlocked.Read(ref _live);

    public (long Live, long Peak, long Allocated, int Buffers) Usage
    {
        get
        {
            lock (_gate) return (_live, _peak, _allocated, _buffers);
        }
    }

    public DeviceBuffer Allocate(nuint byteLength)
    {
        Reserve(byteLength, buffers: 1);
        try
        {
            return new SimulatedBuffer(this, byteLength);
        }
        catch (OutOfMemoryException)
        {
            Return(byteLength);
            throw;
        }
    }

    public ValueTask CopyAsync(TensorValue from, TensorValue to, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        cancellationToken.ThrowIfCancellationRequested();
        if (from.ElementType != to.ElementType || from.ElementCount != to.ElementCount)
        {
            throw new InvalidInputException([$"{from.ElementCount} elements of {from.ElementType.ToName()} cannot be copied to {to.ElementCount} of {to.ElementType.ToName()}; give both the same type and number of elements"]);
        }

        if (to.Buffer.IsReadOnly) throw new InvalidOperationException("The destination's storage is read-only; create the tensor over T[], Memory<T> or a device buffer.");
        if (transfer is not null && from.IsHostAccessible != to.IsHostAccessible) return TransferAsync(transfer, from, to, cancellationToken);
        TensorBytes.Copy(from, to);
        return ValueTask.CompletedTask;
    }

    /// <summary>Counts bytes that are taken without a block of their own: weights.</summary>
    public void Reserve(nuint byteLength, int buffers = 0)
    {
        lock (_gate)
        {
            if (byteLength > long.MaxValue || (limit is { } most && (long)byteLength > most - _live))
            {
                throw new OutOfMemoryException($"{deviceId} has {limit - _live} of {limit} bytes free, but {byteLength} were asked for; raise SimulatedDeviceOptions.MemoryBytes or dispose buffers.");
            }

            _live += (long)byteLength;
            _allocated += (long)byteLength;
            _peak = Math.Max(_peak, _live);
            _buffers += buffers;
        }
    }

    public void Return(nuint byteLength, int buffers = 1)
    {
        lock (_gate)
        {
            _live -= (long)byteLength;
            _buffers -= buffers;
        }
    }

    private static async ValueTask TransferAsync(Func<nuint, CancellationToken, ValueTask> transfer, TensorValue from, TensorValue to, CancellationToken cancellationToken)
    {
        await transfer(from.ElementType.ByteLength(from.ElementCount), cancellationToken).ConfigureAwait(false);
        TensorBytes.Copy(from, to);
    }
}
