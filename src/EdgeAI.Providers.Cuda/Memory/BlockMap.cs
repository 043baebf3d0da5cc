namespace EdgeAI.Providers.Cuda.Memory;

/// <summary>The blocks of one memory, by address. Looking up takes no lock; blocks come and go seldom, because they are pooled. Thread-safe.</summary>
internal sealed class BlockMap
{
    private readonly Lock _gate = new();
    private Entry[] _entries = [];

    public void Add(nint address, nuint byteLength, nint deviceAddress)
    {
        lock (_gate)
        {
            var place = FindAfter(_entries, address);
            Volatile.Write(ref _entries, [.. _entries[..place], new Entry(address, byteLength, deviceAddress), .. _entries[place..]]);
        }
    }

    public void Remove(nint address)
    {
        lock (_gate) Volatile.Write(ref _entries, [.. _entries.Where(entry => entry.Address != address)]);
    }

    /// <summary>The GPU's address of bytes that lie within one block; 0 where they do not.</summary>
    public nint Find(nint address, nuint byteLength)
    {
        var entries = Volatile.Read(ref _entries);
        var place = FindAfter(entries, address) - 1;
        if (place < 0) return 0;
        var entry = entries[place];
        var offset = (nuint)(address - entry.Address);
        return offset <= entry.ByteLength && byteLength <= entry.ByteLength - offset ? entry.DeviceAddress + (nint)offset : 0;
    }

    /// <summary>The place of the first block that starts behind the address.</summary>
    private static int FindAfter(Entry[] entries, nint address)
    {
        int low = 0, high = entries.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if ((nuint)entries[middle].Address <= (nuint)address) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private readonly record struct Entry(nint Address, nuint ByteLength, nint DeviceAddress);
}
