namespace EdgeAI.Leases;

/// <summary>Counts its calls, and lets a thread block until one comes.</summary>
internal sealed class TestWaiter(string name = "waiter", Action<TestWaiter>? called = null) : ICoreWaiter, IDisposable
{
    private readonly SemaphoreSlim _signal = new(0);
    private int _calls;

    public int Calls => Volatile.Read(ref _calls);

    public void CoresAvailable()
    {
        Interlocked.Increment(ref _calls);
        _signal.Release();
        called?.Invoke(this);
    }

    public void WaitForCall() => Assert.IsTrue(_signal.Wait(TimeSpan.FromSeconds(60)), $"{name} was never called");

    public void Dispose() => _signal.Dispose();

    public override string ToString() => name;
}
