using EdgeAI.Batching;
using EdgeAI.Leases;

namespace EdgeAI.Scheduling;

/// <summary>Equal lanes of one model on one device: the same threads, the same costs. Its mutable part belongs to the scheduler.</summary>
/// <param name="deviceId">The device.</param>
/// <param name="acceptsUnpinned">Whether it takes items that name no device.</param>
/// <param name="coresPerLane">Cores that a running lane occupies.</param>
/// <param name="cores">The device's cores, shared with all who run there.</param>
/// <param name="maxRows">The largest useful batch; <see langword="null"/>: found out while serving.</param>
/// <param name="minConcurrency">From how many requests in flight on it serves better than groups with a smaller figure.</param>
internal sealed class LaneGroup(string deviceId, bool acceptsUnpinned, int coresPerLane, CoreBudget cores, int? maxRows = null, int minConcurrency = 1) : IRunLanes
{
    public string DeviceId { get; } = deviceId;

    public bool AcceptsUnpinned { get; private set; } = acceptsUnpinned;

    public int CoresPerLane { get; } = coresPerLane;

    public CoreBudget Cores { get; } = cores;

    public int? MaxRows { get; private set; } = maxRows;

    public int MinConcurrency { get; private set; } = minConcurrency;

    public bool IsRetired { get; internal set; }

    /// <summary>Changes what was measured. Under the scheduler's lock.</summary>
    public void Retune(int? maxRows, int minConcurrency) => (MaxRows, MinConcurrency) = (maxRows, minConcurrency);

    /// <summary>Has it take items that name no device. Under the scheduler's lock.</summary>
    public void Share() => AcceptsUnpinned = true;

    internal List<LaneSlot> Lanes { get; } = [];

    internal int Working;
}
