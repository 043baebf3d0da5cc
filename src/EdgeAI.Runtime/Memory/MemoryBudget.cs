using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace EdgeAI.Memory;

/// <summary>
/// One account of a memory for all models: reservations by name (weights, lanes, leases) and the blocks of the pools. Idle pooled
/// blocks count as used until something else needs their bytes: then they are freed. Thread-safe; a charge is one interlocked operation.
/// </summary>
/// <param name="total">Bytes that may be used together, more than zero; <see cref="long.MaxValue"/> for no limit.</param>
internal sealed class MemoryBudget(long total)
{
    private readonly Lock _gate = new();
    private readonly HashSet<MemoryReservation> _reservations = [];
    private readonly ReservationQueue _queue = new();
    private BufferPool[] _pools = [];
    private long _used;

    public long Total { get; } = total > 0 ? total : throw new ArgumentOutOfRangeException(nameof(total), total, "A budget has one byte at least.");

    /// <summary>Bytes that are reserved or held by pools, idle blocks included.</summary>
    public long Used => Interlocked.Read(ref _used);

    /// <summary>Bytes that a reservation may have now: what is not used, and the pools' idle blocks.</summary>
    public long Available => Total - Math.Max(0, Used - Volatile.Read(ref _pools).Sum(static pool => (long)pool.IdleBytes));

    /// <summary>What is reserved, by name; a snapshot.</summary>
    public IReadOnlyList<MemoryReservation> Reservations
    {
        get
        {
            lock (_gate) return [.. _reservations];
        }
    }

    /// <summary>The host's budget: that of the options, or three quarters of what the machine or its container has, as the runtime sees it.</summary>
    public static MemoryBudget ForHost(EdgeAIOptions options)
    {
        if (options.MemoryBudget is { } bytes) return new MemoryBudget(bytes);
        var available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return new MemoryBudget(available > 0 ? Math.Max(1, available / 4 * 3) : long.MaxValue);
    }

    /// <summary>Reserves bytes, freeing idle pooled blocks where they are in the way.</summary>
    /// <param name="bytes">How many, 0 or more.</param>
    /// <param name="reservation">What the caller disposes when it no longer needs them.</param>
    /// <param name="name">What for; shown when the budget is exhausted.</param>
    public bool TryReserve(long bytes, [NotNullWhen(true)] out MemoryReservation? reservation, string name = "other")
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        reservation = TryCharge(bytes) ? Record(bytes, name) : null;
        return reservation is not null;
    }

    /// <summary>Reserves bytes, waiting for its turn among those that wait. <see cref="TryReserve"/> and the pools do not wait, and may overtake.</summary>
    /// <param name="bytes">How many, 0 to <see cref="Total"/>.</param>
    /// <param name="name">What for.</param>
    /// <param name="cancellationToken">Gives up the place in the queue.</param>
    public ValueTask<MemoryReservation> ReserveAsync(long bytes, string name, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, Total);
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled<MemoryReservation>(cancellationToken);
        if (!_queue.HasWaiters && TryReserve(bytes, out var reservation, name)) return new ValueTask<MemoryReservation>(reservation);
        return new ValueTask<MemoryReservation>(WaitAsync(new ReservationWaiter(bytes, name), cancellationToken));
    }

    /// <summary>Adds bytes to what is used, freeing idle pooled blocks where they are in the way.</summary>
    public bool TryCharge(long bytes)
    {
        while (!TryAdd(bytes, out var missing))
        {
            // Whatever was freed may go to somebody else first: again, as long as there is something to free.
            if (bytes > Total || !TrimPools(missing)) return false;
        }

        return true;
    }

    /// <summary>Gives back what <see cref="TryCharge"/> added.</summary>
    public void Refund(long bytes)
    {
        // Never throws in production: it runs where memory is freed, in finalizers too.
        var used = Interlocked.Add(ref _used, -bytes);
        Debug.Assert(used >= 0, "More bytes came back than were charged.");
        ServeWaiters();
    }

    /// <summary>Serves those who wait: bytes came back, or a pooled block became idle that may be freed for them.</summary>
    public void ServeWaiters()
    {
        if (_queue.HasWaiters) _queue.Serve(this);
    }

    public void Return(MemoryReservation reservation)
    {
        lock (_gate) _reservations.Remove(reservation);
        Refund(reservation.Bytes);
    }

    /// <summary>Counts a reservation whose bytes are charged already.</summary>
    public MemoryReservation Record(long bytes, string name)
    {
        var reservation = new MemoryReservation(this, name, bytes);
        lock (_gate) _reservations.Add(reservation);
        return reservation;
    }

    /// <summary>Lets the pool's idle blocks be freed for others.</summary>
    public void Add(BufferPool pool)
    {
        lock (_gate) Volatile.Write(ref _pools, [.. _pools, pool]);
    }

    public void Remove(BufferPool pool)
    {
        lock (_gate) Volatile.Write(ref _pools, [.. _pools.Where(other => other != pool)]);
    }

    /// <summary>The error for bytes that do not fit. A request that meets it fails as a transient fault of the device.</summary>
    public InsufficientMemoryException Exhausted(long bytes)
    {
        var largest = Reservations.OrderByDescending(r => r.Bytes).Take(3).Select(r => $"{r.Name}: {r.Bytes} bytes").ToArray();
        var reserved = largest.Length == 0 ? "" : $" (reserved by {string.Join(", ", largest)})";
        return new InsufficientMemoryException($"{bytes} bytes do not fit into the memory budget: {Used} of {Total} bytes are in use{reserved}. Unload models, dispose responses earlier, or raise EdgeAIOptions.MemoryBudget.");
    }

    private async Task<MemoryReservation> WaitAsync(ReservationWaiter waiter, CancellationToken cancellationToken)
    {
        _queue.Add(waiter);
        _queue.Serve(this);
        await using var registration = cancellationToken.UnsafeRegister((_, token) => Cancel(waiter, token), null).ConfigureAwait(false);
        return await waiter.Task.ConfigureAwait(false);
    }

    private void Cancel(ReservationWaiter waiter, CancellationToken cancellationToken)
    {
        if (!waiter.TrySetCanceled(cancellationToken)) return;

        // Those behind it may need less.
        _queue.Remove(waiter);
        ServeWaiters();
    }

    private bool TryAdd(long bytes, out long missing)
    {
        var used = Interlocked.Read(ref _used);
        while ((missing = bytes - (Total - used)) <= 0)
        {
            var before = Interlocked.CompareExchange(ref _used, used + bytes, used);
            if (before == used) return true;
            used = before;
        }

        return false;
    }

    private bool TrimPools(long bytes)
    {
        var freed = 0L;
        foreach (var pool in Volatile.Read(ref _pools))
        {
            freed += (long)pool.Trim((nuint)(bytes - freed));
            if (freed >= bytes) break;
        }

        return freed > 0;
    }
}
