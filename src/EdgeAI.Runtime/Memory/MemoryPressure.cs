namespace EdgeAI.Memory;

/// <summary>Whether the machine, or the container, is short of memory, as the last garbage collection saw it. Thread-safe.</summary>
/// <param name="collections">Counts collections: the load is measured anew by each, and never between them.</param>
/// <param name="isHigh">Whether the load is above the threshold at which the collector itself turns frugal.</param>
internal sealed class MemoryPressure(Func<int> collections, Func<bool> isHigh)
{
    private int _lastLook = -1;

    /// <summary>What the garbage collector reports.</summary>
    public static MemoryPressure OfProcess { get; } = new(static () => GC.CollectionCount(0), static () =>
    {
        var info = GC.GetGCMemoryInfo();
        return info.MemoryLoadBytes > 0 && info.MemoryLoadBytes >= info.HighMemoryLoadThresholdBytes;
    });

    public bool IsHigh => isHigh();

    /// <summary>Whether there was a collection since the last call and it saw a high load. Cheap where there was none.</summary>
    public bool HasRisen()
    {
        var now = collections();
        return Interlocked.Exchange(ref _lastLook, now) != now && isHigh();
    }
}
