using System.Diagnostics.CodeAnalysis;

namespace EdgeAI.Memory;

/// <summary>Who waits for bytes, in order of arrival: a large wish in front is not overtaken by small ones. Thread-safe.</summary>
internal sealed class ReservationQueue
{
    private readonly LinkedList<ReservationWaiter> _waiters = new();
    private readonly Lock _gate = new();
    private int _count;
    private int _calls;

    public bool HasWaiters => Volatile.Read(ref _count) > 0;

    public void Add(ReservationWaiter waiter)
    {
        lock (_gate) _waiters.AddLast(waiter);

        // A full fence: either the waiter's own attempt sees bytes that come back now, or their returner sees the waiter.
        Interlocked.Increment(ref _count);
    }

    public bool Remove(ReservationWaiter waiter)
    {
        lock (_gate)
        {
            if (!_waiters.Remove(waiter)) return false;
        }

        Interlocked.Decrement(ref _count);
        return true;
    }

    /// <summary>
    /// Serves from the front as far as the bytes reach. One thread at a time: another one, or a call from within because a block
    /// was freed, only has it look again.
    /// </summary>
    public void Serve(MemoryBudget budget)
    {
        if (Interlocked.Increment(ref _calls) > 1) return;
        int seen;
        do
        {
            seen = Volatile.Read(ref _calls);
            while (TryPeek(out var waiter) && budget.TryCharge(waiter.Bytes)) Complete(waiter, budget);
        }
        while (Interlocked.Add(ref _calls, -seen) > 0);
    }

    private void Complete(ReservationWaiter waiter, MemoryBudget budget)
    {
        Remove(waiter);
        var reservation = budget.Record(waiter.Bytes, waiter.Name);
        if (!waiter.TrySetResult(reservation)) reservation.Dispose();
    }

    private bool TryPeek([NotNullWhen(true)] out ReservationWaiter? waiter)
    {
        lock (_gate) waiter = _waiters.First?.Value;
        return waiter is not null;
    }
}
