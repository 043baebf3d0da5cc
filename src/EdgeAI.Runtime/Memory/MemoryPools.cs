using System.Diagnostics.Metrics;
using EdgeAI.Devices;

namespace EdgeAI.Memory;

/// <summary>
/// The engine's pools: one for the host, and one for each other memory that sessions bring, such as a GPU's own or page-locked host memory. What the host can
/// reach counts against its budget. Thread-safe.
/// </summary>
internal sealed class MemoryPools(EdgeAIOptions options, TimeProvider? timeProvider = null, MemoryPressure? pressure = null) : IDisposable
{
    private readonly IdleTrimmer _trimmer = new(timeProvider ?? TimeProvider.System, pressure ?? MemoryPressure.OfProcess);
    private readonly Lock _gate = new();
    private readonly List<Entry> _pools = [];

    /// <summary>The account of the host's memory, for all models.</summary>
    public MemoryBudget Budget { get; } = MemoryBudget.ForHost(options);

    /// <summary>The pool of ordinary host memory.</summary>
    public BufferPool Host
    {
        get
        {
            lock (_gate) return Find("host", HostMemory.Shared).Pool;
        }
    }

    /// <summary>The pool of a session's memory, which all sessions with that memory share; <see cref="Host"/> for ordinary host memory. Give it back with <see cref="Release"/>.</summary>
    public BufferPool Acquire(string deviceId, IDeviceMemory memory)
    {
        if (ReferenceEquals(memory, HostMemory.Shared)) return Host;
        lock (_gate)
        {
            var entry = Find(deviceId, memory);
            entry.Users++;
            return entry.Pool;
        }
    }

    /// <summary>Ends one use of a pool of <see cref="Acquire"/>; its last user's discards it.</summary>
    public void Release(BufferPool pool)
    {
        lock (_gate)
        {
            if (_pools.Find(entry => entry.Pool == pool) is not { Users: > 0 } entry || --entry.Users > 0) return;
            _pools.Remove(entry);
        }

        Discard(pool);
    }

    public IEnumerable<Measurement<long>> RentedBytes()
    {
        lock (_gate) return [.. _pools.Select(entry => new Measurement<long>(entry.Pool.RentedBytes, Diagnostics.EngineTelemetry.Device(entry.Device)))];
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var entry in _pools) Discard(entry.Pool);
            _pools.Clear();
        }

        _trimmer.Dispose();
    }

    private Entry Find(string device, IDeviceMemory memory)
    {
        if (_pools.Find(known => ReferenceEquals(known.Memory, memory)) is { } entry) return entry;
        var budget = memory.IsHostAccessible ? Budget : null;
        var pool = new BufferPool(memory, (nuint)options.MaxIdlePoolBytes, options.ClearOnReturn, budget, _trimmer);
        budget?.Add(pool);
        _trimmer.Add(pool);
        entry = new Entry(device, memory, pool);
        _pools.Add(entry);
        return entry;
    }

    private void Discard(BufferPool pool)
    {
        Budget.Remove(pool);
        _trimmer.Remove(pool);
        pool.Dispose();
    }

    private sealed class Entry(string device, IDeviceMemory memory, BufferPool pool)
    {
        public string Device => device;

        public IDeviceMemory Memory => memory;

        public BufferPool Pool => pool;

        public int Users { get; set; }
    }
}
