using System.Runtime.InteropServices;

namespace EdgeAI.Leases;

/// <summary>
/// Who waits for cores, in order of arrival, and what is reserved for whom. Not thread-safe: a <see cref="CoreBudget"/> guards it.
/// Searched from the front: there are as many waiters as lanes and leases, tens at most, and the front is where it happens.
/// </summary>
internal sealed class CoreQueue
{
    private readonly List<Place> _places = [];

    public bool IsEmpty => _places.Count == 0;

    /// <summary>Cores that are reserved and not yet taken.</summary>
    public int Reserved { get; private set; }

    /// <summary>
    /// Takes what is reserved for the waiter, or free cores where nobody before it still waits. Otherwise it stands in the queue
    /// afterwards: at the end, or where it already stood, with its new wish.
    /// </summary>
    /// <param name="waiter">Who takes.</param>
    /// <param name="wanted">How many would be used.</param>
    /// <param name="min">How many are needed.</param>
    /// <param name="free">What there is; changed by what is taken and by what was reserved and is not taken.</param>
    /// <returns>How many it has taken; 0 where it must wait.</returns>
    public int Take(ICoreWaiter waiter, int wanted, int min, ref int free)
    {
        var index = IndexOf(waiter);
        if (index < 0)
        {
            index = _places.Count;
            _places.Add(new Place(waiter, wanted, min, 0));
        }

        var reserved = _places[index].Reserved;
        var available = reserved >= min ? reserved : HasWaiterBefore(index) ? 0 : reserved + free;
        var taken = available >= min ? Math.Min(wanted, available) : 0;
        free += reserved - taken;
        Reserved -= reserved;
        if (taken > 0) _places.RemoveAt(index);
        else _places[index] = new Place(waiter, wanted, min, 0);
        return taken;
    }

    /// <summary>Whether <see cref="Take"/> would give the waiter as many.</summary>
    public bool Offers(ICoreWaiter? waiter, int min, int free)
    {
        var index = waiter is null ? -1 : IndexOf(waiter);
        var reserved = index < 0 ? 0 : _places[index].Reserved;
        return reserved >= min || (!HasWaiterBefore(index < 0 ? _places.Count : index) && reserved + free >= min);
    }

    /// <summary>Takes what is reserved for the waiter.</summary>
    public int Claim(ICoreWaiter waiter)
    {
        var index = IndexOf(waiter);
        return index >= 0 && _places[index].Reserved > 0 ? RemoveAt(index) : 0;
    }

    /// <summary>Removes the waiter.</summary>
    /// <returns>What was reserved for it.</returns>
    public int Remove(ICoreWaiter waiter)
    {
        var index = IndexOf(waiter);
        return index < 0 ? 0 : RemoveAt(index);
    }

    /// <summary>Reserves for the first who still waits.</summary>
    /// <param name="free">What there is; lowered by what is reserved.</param>
    /// <returns>The waiter to call; <see langword="null"/> where nobody waits or the first needs more than is free.</returns>
    public ICoreWaiter? ReserveForNext(ref int free)
    {
        foreach (ref var place in CollectionsMarshal.AsSpan(_places))
        {
            if (place.Reserved > 0) continue;
            if (free < place.Min) return null;
            var reserved = Math.Min(place.Wanted, free);
            place = place with { Reserved = reserved };
            Reserved += reserved;
            free -= reserved;
            return place.Waiter;
        }

        return null;
    }

    private bool HasWaiterBefore(int index)
    {
        for (var i = 0; i < index; i++)
        {
            if (_places[i].Reserved == 0) return true;
        }

        return false;
    }

    private int RemoveAt(int index)
    {
        var reserved = _places[index].Reserved;
        _places.RemoveAt(index);
        Reserved -= reserved;
        return reserved;
    }

    private int IndexOf(ICoreWaiter waiter)
    {
        for (var i = 0; i < _places.Count; i++)
        {
            if (_places[i].Waiter == waiter) return i;
        }

        return -1;
    }

    private readonly record struct Place(ICoreWaiter Waiter, int Wanted, int Min, int Reserved);
}
