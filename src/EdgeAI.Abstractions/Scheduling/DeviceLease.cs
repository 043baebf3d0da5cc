namespace EdgeAI;

/// <summary>A part of a device that is the holder's until it is disposed. Disposing more than once does nothing. Thread-safe.</summary>
public abstract class DeviceLease : IDisposable, IAsyncDisposable
{
    private int _isReturned;

    /// <summary>Describes the lease.</summary>
    /// <param name="deviceId">The device.</param>
    /// <param name="cores">Cores that the holder may keep busy, 0 or more.</param>
    /// <param name="memoryBytes">Memory that it may take, 0 or more.</param>
    protected DeviceLease(string deviceId, int cores, long memoryBytes)
    {
        ArgumentException.ThrowIfNullOrEmpty(deviceId);
        ArgumentOutOfRangeException.ThrowIfNegative(cores);
        ArgumentOutOfRangeException.ThrowIfNegative(memoryBytes);
        DeviceId = deviceId;
        Cores = cores;
        MemoryBytes = memoryBytes;
    }

    /// <summary>The device.</summary>
    public string DeviceId { get; }

    /// <summary>Cores that the holder may keep busy at once, between what the estimate needed and what it wanted.</summary>
    public int Cores { get; }

    /// <summary>Memory that the holder may take, in bytes.</summary>
    public long MemoryBytes { get; }

    /// <summary>Why this device was chosen, as a clause for people; <see langword="null"/> where nothing was said.</summary>
    public string? Reason { get; init; }

    /// <summary>Gives everything back. The holder must have stopped using it.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isReturned, 1) == 0) Return();
        GC.SuppressFinalize(this);
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Gives everything back. Called once; must not throw.</summary>
    protected abstract void Return();
}
