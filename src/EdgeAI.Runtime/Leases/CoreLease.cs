namespace EdgeAI.Leases;

/// <summary>Cores that were taken from a budget. Disposing gives them back, once. Thread-safe.</summary>
internal sealed class CoreLease(CoreBudget budget, int cores) : IDisposable
{
    private int _isReturned;

    public int Cores => cores;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isReturned, 1) == 0) budget.Return(cores);
    }
}
