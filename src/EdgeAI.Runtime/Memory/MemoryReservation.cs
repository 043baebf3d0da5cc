namespace EdgeAI.Memory;

/// <summary>Bytes of a budget that somebody has reserved. Disposing gives them back, once. Thread-safe.</summary>
internal sealed class MemoryReservation(MemoryBudget budget, string name, long bytes) : IDisposable
{
    private int _isReturned;

    /// <summary>What they are for, such as <c>weights of detector</c>.</summary>
    public string Name => name;

    public long Bytes => bytes;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isReturned, 1) == 0) budget.Return(this);
    }
}
