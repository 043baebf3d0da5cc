namespace EdgeAI.Memory;

/// <summary>The idle blocks of one size class, last in first out: the last is the likeliest to be in a cache. Not thread-safe.</summary>
internal sealed class IdleBlocks(nuint size)
{
    private readonly Stack<PooledBlock> _blocks = new();
    private bool _wasUsed;
    private bool _wasHalved;

    /// <summary>Bytes that are idle here.</summary>
    public nuint Bytes => size * (nuint)_blocks.Count;

    public PooledBlock? Take()
    {
        _wasUsed = true;
        return _blocks.TryPop(out var block) ? block : null;
    }

    public void Add(PooledBlock block) => _blocks.Push(block);

    /// <summary>Takes out blocks of at least so many bytes; all of them where there are fewer.</summary>
    public nuint Drop(nuint bytes, List<PooledBlock> dropped)
    {
        nuint sum = 0;
        while (sum < bytes && _blocks.TryPop(out var block))
        {
            dropped.Add(block);
            sum += size;
        }

        return sum;
    }

    /// <summary>Takes out half of the blocks if nobody asked since the last call, and the rest if nobody asked since the last two.</summary>
    public nuint DropUnused(List<PooledBlock> dropped)
    {
        if (_wasUsed)
        {
            _wasUsed = _wasHalved = false;
            return 0;
        }

        var keep = _wasHalved ? 0 : (_blocks.Count + 1) / 2;
        _wasHalved = true;
        return Drop(size * (nuint)(_blocks.Count - keep), dropped);
    }
}
