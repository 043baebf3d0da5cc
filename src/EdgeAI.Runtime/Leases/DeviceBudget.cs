using System.Diagnostics.CodeAnalysis;
using EdgeAI.Memory;

namespace EdgeAI.Leases;

/// <summary>What one device has to give.</summary>
/// <param name="Info">The device.</param>
/// <param name="Cores">Its cores.</param>
/// <param name="Memory">Its memory. All CPUs share the host's.</param>
[SuppressMessage("Reliability", "CA1001", Justification = "A semaphore whose wait handle is never asked for holds nothing to dispose.")]
internal sealed record DeviceBudget(DeviceInfo Info, CoreBudget Cores, MemoryBudget Memory)
{
    /// <summary>Whose turn it is among the leases: only the oldest that is not served waits for memory and cores, so none overtakes it at either.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    /// <summary>Why the device could not serve the work even if nobody else used it; <see langword="null"/> where it could.</summary>
    public string? Refuse(WorkloadEstimate estimate)
    {
        if (estimate.Cores > 0 && estimate.MinCores > Cores.Capacity) return $"it has {Cores.Capacity} cores and {estimate.MinCores} are needed";
        var memory = Math.Min(Info.MemoryBytes ?? long.MaxValue, Memory.Total);
        var needed = estimate.MinMemoryBytes ?? estimate.MemoryBytes;
        return needed > memory ? $"models may use {memory} bytes of its memory and {needed} are needed" : null;
    }
}
