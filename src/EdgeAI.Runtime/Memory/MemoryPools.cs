using System.Diagnostics.Metrics;
using EdgeAI.Devices;

namespace EdgeAI.Memory;

/// <summary>The engine's pools: one for the host, within the host's budget, and one for each device memory that the host cannot reach. Thread-safe.</summary>
internal sealed class MemoryPools(EdgeAIOptions options, TimeProvider? timeProvider = null, MemoryPressure? pressure = null) : IDisposable
{
    private readonly IdleTrimmer _trimmer = new(timeProvider ?? TimeProvider.System, pressure ?? MemoryPressure.OfProcess);
    private readonly Lock _gate = new();
    private readonly List<(string Device, BufferPool Pool)> _pools = [];
    private BufferPool? _host;

    /// <summary>The account of the host's memory, for all models.</summary>
    public MemoryBudget Budget { get; } = MemoryBudget.ForHost(options);

    public BufferPool Host
    {
        get
        {
            lock (_gate) return _host ??= Add("host", HostMemory.Shared);
        }
    }

    public BufferPool Create(string deviceId, IDeviceMemory memory)
    {
        lock (_gate) return Add(deviceId, memory);
    }

    public void Remove(BufferPool pool)
    {
        lock (_gate) _pools.RemoveAll(entry => entry.Pool == pool);
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
            foreach (var (_, pool) in _pools) Discard(pool);
            _pools.Clear();
        }

        _trimmer.Dispose();
    }

    private BufferPool Add(string device, IDeviceMemory memory)
    {
        var budget = memory.IsHostAccessible ? Budget : null;
        var pool = new BufferPool(memory, (nuint)options.MaxIdlePoolBytes, options.ClearOnReturn, budget, _trimmer);
        budget?.Add(pool);
        _trimmer.Add(pool);
        _pools.Add((device, pool));
        return pool;
    }

    private void Discard(BufferPool pool)
    {
        Budget.Remove(pool);
        _trimmer.Remove(pool);
        pool.Dispose();
    }
}
