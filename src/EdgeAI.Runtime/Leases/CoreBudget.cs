namespace EdgeAI.Leases;

/// <summary>
/// The cores of one device, shared by the lanes of all models and by leases. First come, first served: while somebody waits,
/// nobody overtakes. Thread-safe. Taking and returning is one interlocked operation each as long as nobody waits.
/// </summary>
/// <param name="capacity">Cores that may be out at once, 1 or more; <see langword="null"/> where the device sets no limit.</param>
internal sealed class CoreBudget(int? capacity)
{
    // What _free holds while there are waiters: every operation then takes the lock, and _held has the number.
    private const int Locked = -1;

    private readonly Lock _gate = new();
    private readonly CoreQueue _queue = new();
    private int _free = capacity is null or >= 1 ? capacity ?? 0 : throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "A device has one core at least.");
    private int _held;

    /// <summary>Cores that may be out at once; <see langword="null"/> for no limit.</summary>
    public int? Capacity => capacity;

    /// <summary>Cores that nobody has and that are reserved for nobody; <see langword="null"/> for no limit.</summary>
    public int? Free
    {
        get
        {
            if (capacity is null) return null;
            lock (_gate) return _queue.IsEmpty ? Volatile.Read(ref _free) : _held;
        }
    }

    /// <summary>
    /// Takes cores, or those reserved for this waiter. When it returns <see langword="false"/> the waiter is in the queue,
    /// once, and is called when its cores are reserved, perhaps even before this returns.
    /// </summary>
    /// <param name="cores">How many; all of them where the device has fewer.</param>
    /// <param name="waiter">Whom to call.</param>
    public bool TryTake(int cores, ICoreWaiter waiter) => capacity is null || Take(Clamp(cores), Clamp(cores), waiter) > 0;

    /// <summary>Gives back what was taken, and calls the waiters whose turn it is. Does not hand the cores over: it reserves them.</summary>
    /// <param name="cores">The number that was asked for when taking.</param>
    /// <exception cref="InvalidOperationException">More comes back than was taken.</exception>
    public void Return(int cores)
    {
        if (capacity is null) return;
        cores = Clamp(cores);
        var free = Volatile.Read(ref _free);
        while (free >= 0)
        {
            ThrowIfExcessive((long)free + cores);
            var before = Interlocked.CompareExchange(ref _free, free + cores, free);
            if (before == free) return;
            free = before;
        }

        ReturnLocked(cores);
    }

    /// <summary>Leaves the queue; what was reserved goes to those behind. Does nothing for somebody who does not wait.</summary>
    public void Forfeit(ICoreWaiter waiter)
    {
        if (capacity is null) return;
        lock (_gate)
        {
            if (_queue.IsEmpty) return;
            _held += _queue.Remove(waiter);
            LeaveIfIdle();
        }

        CallWaiters();
    }

    /// <summary>Takes cores, waiting for its turn.</summary>
    /// <param name="wanted">How many would be used, 1 or more; all of them where the device has fewer.</param>
    /// <param name="min">How many are needed, 1 to the smaller of <paramref name="wanted"/> and the capacity. As many as are free then are given.</param>
    /// <param name="cancellationToken">Gives up the place in the queue.</param>
    public ValueTask<CoreLease> TakeAsync(int wanted, int min, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(min, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(wanted, min);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(min, capacity ?? int.MaxValue);
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<CoreLease>(cancellationToken);
        if (capacity is null) return new ValueTask<CoreLease>(new CoreLease(this, wanted));
        var waiter = new CoreLeaseWaiter(this);
        var cores = Take(Clamp(wanted), min, waiter);
        return cores > 0 ? new ValueTask<CoreLease>(new CoreLease(this, cores)) : new ValueTask<CoreLease>(waiter.WaitAsync(cancellationToken));
    }

    /// <summary>Whether this waiter would get so many cores now: a look, others may be quicker.</summary>
    /// <param name="cores">How many; all of them where the device has fewer.</param>
    /// <param name="waiter">Who asks; <see langword="null"/> for somebody who does not wait yet.</param>
    public bool Offers(int cores, ICoreWaiter? waiter)
    {
        if (capacity is null) return true;
        cores = Clamp(cores);
        if (Volatile.Read(ref _free) is >= 0 and var free) return free >= cores;
        lock (_gate) return _queue.IsEmpty ? Volatile.Read(ref _free) >= cores : _queue.Offers(waiter, cores, _held);
    }

    /// <summary>Takes what is reserved for the waiter; 0 where that is nothing.</summary>
    public int Claim(ICoreWaiter waiter)
    {
        lock (_gate)
        {
            if (_queue.IsEmpty) return 0;
            var taken = _queue.Claim(waiter);
            LeaveIfIdle();
            return taken;
        }
    }

    private int Clamp(int cores) => Math.Clamp(cores, 1, capacity ?? int.MaxValue);

    private int Take(int wanted, int min, ICoreWaiter waiter)
    {
        var free = Volatile.Read(ref _free);
        while (free >= min)
        {
            var taken = Math.Min(wanted, free);
            var before = Interlocked.CompareExchange(ref _free, free - taken, free);
            if (before == free) return taken;
            free = before;
        }

        return TakeLocked(wanted, min, waiter);
    }

    private int TakeLocked(int wanted, int min, ICoreWaiter waiter)
    {
        int taken;
        bool mayServeOthers;
        lock (_gate)
        {
            Enter();
            taken = _queue.Take(waiter, wanted, min, ref _held);
            mayServeOthers = _held > 0 && !_queue.IsEmpty;
            LeaveIfIdle();
        }

        if (mayServeOthers) CallWaiters();
        return taken;
    }

    private void ReturnLocked(int cores)
    {
        lock (_gate)
        {
            Enter();
            try
            {
                ThrowIfExcessive((long)_held + cores + _queue.Reserved);
                _held += cores;
            }
            finally
            {
                LeaveIfIdle();
            }
        }

        CallWaiters();
    }

    /// <summary>Reserves for one waiter at a time, so that nothing need be allocated to remember whom to call outside the lock.</summary>
    private void CallWaiters()
    {
        while (true)
        {
            ICoreWaiter? next;
            lock (_gate)
            {
                if (_queue.IsEmpty) return;
                next = _queue.ReserveForNext(ref _held);
            }

            if (next is null) return;
            next.CoresAvailable();
        }
    }

    private void Enter()
    {
        if (_queue.IsEmpty) _held = Interlocked.Exchange(ref _free, Locked);
    }

    private void LeaveIfIdle()
    {
        if (_queue.IsEmpty) Volatile.Write(ref _free, _held);
    }

    private void ThrowIfExcessive(long free)
    {
        if (free > capacity) throw new InvalidOperationException($"More cores came back than were taken: {free} would be free of {capacity}.");
    }
}
