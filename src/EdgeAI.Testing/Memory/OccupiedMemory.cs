namespace EdgeAI.Testing;

/// <summary>Bytes of a device that somebody else holds.</summary>
internal sealed class OccupiedMemory : IDisposable
{
    private readonly SimulatedMemory _memory;
    private readonly nuint _byteLength;
    private int _isDisposed;

    /// <exception cref="OutOfMemoryException">There are not as many free.</exception>
    public OccupiedMemory(SimulatedMemory memory, nuint byteLength)
    {
        _memory = memory;
        _byteLength = byteLength;
        memory.Reserve(byteLength);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0) _memory.Return(_byteLength, buffers: 0);
    }
}
