using System.Diagnostics.Metrics;
using EdgeAI.Devices;

namespace EdgeAI.Memory;

/// <summary>The engine's pools: one for the host, one for each device memory that the host cannot reach. Thread-safe.</summary>
internal sealed class MemoryPools(EdgeAIOptions options) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<(string Device, BufferPool Pool)> _pools = [];
    private BufferPool? _host;

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
        pool.Dispose();
    }

    public IEnumerable<Measurement<long>> RentedBytes()
    {
        lock (_gate) return [.. _pools.Select(entry => new Measurement<long>(entry.Pool.RentedBytes, Diagnostics.EngineTelemetry.Device(entry.Device)))];
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var (_, pool) in _pools) pool.Dispose();
            _pools.Clear();
        }
    }

    private BufferPool Add(string device, IDeviceMemory memory)
    {
        var pool = new BufferPool(memory, (nuint)options.MaxIdlePoolBytes, options.ClearOnReturn);
        _pools.Add((device, pool));
        return pool;
    }
}
