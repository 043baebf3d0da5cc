namespace EdgeAI.Memory;

/// <summary>
/// Frees pooled blocks that nobody has used for a while, and all idle ones when memory is short. One timer for all pools, which runs
/// only while some pool has an idle block: an idle process is not woken. Thread-safe.
/// </summary>
internal sealed class IdleTrimmer : IDisposable
{
    /// <summary>How often unused blocks are looked for.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private readonly MemoryPressure _pressure;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private BufferPool[] _pools = [];
    private bool _isRunning;
    private bool _isDisposed;

    public IdleTrimmer(TimeProvider timeProvider, MemoryPressure pressure)
    {
        _pressure = pressure;
        _timer = timeProvider.CreateTimer(static state => ((IdleTrimmer)state!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether the timer is set.</summary>
    public bool IsRunning => Volatile.Read(ref _isRunning);

    public void Add(BufferPool pool)
    {
        lock (_gate) Volatile.Write(ref _pools, [.. _pools, pool]);
    }

    public void Remove(BufferPool pool)
    {
        lock (_gate) Volatile.Write(ref _pools, [.. _pools.Where(other => other != pool)]);
    }

    /// <summary>A pool has an idle block. The caller has passed a full fence since it became idle.</summary>
    public void BecameIdle()
    {
        if (!Volatile.Read(ref _isRunning)) Start();
    }

    /// <summary>A pool has to allocate: the moment to give memory back if there is little of it.</summary>
    public void Missed()
    {
        if (_pressure.HasRisen()) TrimAll();
    }

    public void Dispose()
    {
        lock (_gate) _isDisposed = true;
        _timer.Dispose();
    }

    private void Tick()
    {
        if (_pressure.IsHigh) TrimAll();
        else foreach (var pool in Volatile.Read(ref _pools)) pool.TrimUnused();

        // Either this sees a block that becomes idle now, or its returner sees that the timer does not run.
        Volatile.Write(ref _isRunning, false);
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _pools).Any(pool => pool.IdleBytes > 0)) Start();
    }

    private void Start()
    {
        lock (_gate)
        {
            if (_isRunning || _isDisposed) return;
            Volatile.Write(ref _isRunning, true);
            _timer.Change(Period, Timeout.InfiniteTimeSpan);
        }
    }

    private void TrimAll()
    {
        foreach (var pool in Volatile.Read(ref _pools)) pool.Trim();
    }
}
