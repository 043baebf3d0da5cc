namespace EdgeAI;

/// <summary>
/// A resource that several owners share: freed when the last reference is dropped.
/// The creator's own reference is dropped by <see cref="Dispose"/>, which may be called any number of times;
/// every <see cref="Retain"/> must be paired with one <see cref="Release"/>. Thread-safe.
/// </summary>
public abstract class ReferenceCounted : IDisposable
{
    private int _references = 1;
    private int _ownerDropped;

    /// <summary>Whether the last reference has been dropped: what it held is gone.</summary>
    public bool IsFreed => Volatile.Read(ref _references) == 0;

    /// <summary>Whether the creator has disposed it. Others that retained it may still use it.</summary>
    protected bool IsOwnerDisposed => Volatile.Read(ref _ownerDropped) != 0;

    /// <summary>Adds a reference, to be dropped by one <see cref="Release"/>.</summary>
    /// <exception cref="ObjectDisposedException">The last reference is gone.</exception>
    public void Retain()
    {
        var seen = Volatile.Read(ref _references);
        while (true)
        {
            ObjectDisposedException.ThrowIf(seen == 0, this);
            var before = Interlocked.CompareExchange(ref _references, seen + 1, seen);
            if (before == seen) return;
            seen = before;
        }
    }

    /// <summary>Drops a reference taken by <see cref="Retain"/>; the last one frees the resource.</summary>
    /// <exception cref="InvalidOperationException">There is no reference left to drop: a release without its retain.</exception>
    public void Release()
    {
        var left = Interlocked.Decrement(ref _references);
        if (left > 0) return;
        if (left < 0)
        {
            Interlocked.Increment(ref _references);
            throw new InvalidOperationException($"{GetType().Name} was released more often than it was retained.");
        }

        Free();
    }

    /// <summary>Drops the creator's reference. Later calls do nothing.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _ownerDropped, 1) == 0) Release();
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what this object owns. Called exactly once, by the thread that drops the last reference; must not throw.</summary>
    protected abstract void Free();
}
