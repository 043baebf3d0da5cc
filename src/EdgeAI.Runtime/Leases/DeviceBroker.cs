using EdgeAI.Devices;
using EdgeAI.Memory;

namespace EdgeAI.Leases;

/// <summary>
/// Lends cores and memory of the devices' budgets. Memory is taken before cores, always: whoever holds cores never waits for memory, so nobody waits in a circle.
/// Disposing rejects those who wait; leases that are out stay valid.
/// </summary>
/// <param name="budgets">What there is to lend.</param>
/// <param name="devices">Tells which devices are here, in the order of preference.</param>
/// <param name="profiles">What was measured on a device; <see langword="null"/> for nothing.</param>
internal sealed class DeviceBroker(DeviceBudgets budgets, Func<CancellationToken, ValueTask<IReadOnlyList<IDevice>>> devices, Func<DeviceInfo, DeviceProfile?> profiles) : IDeviceBroker, IDisposable
{
    // The rest stays for the system and for other programs.
    private const double FreeShare = 0.9;

    private readonly CancellationTokenSource _closing = new();
    private volatile bool _isClosing;

    public async ValueTask<DeviceLease> LeaseAsync(WorkloadEstimate estimate, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(estimate);
        if (estimate.Cores > 0 && estimate.MinCores > estimate.Cores) throw new ArgumentException($"{estimate.Name}: MinCores is {estimate.MinCores} and Cores is {estimate.Cores}; the cores that are needed cannot be more than those that are wanted.", nameof(estimate));
        if (estimate.MinMemoryBytes > estimate.MemoryBytes) throw new ArgumentException($"{estimate.Name}: MinMemoryBytes is {estimate.MinMemoryBytes} and MemoryBytes is {estimate.MemoryBytes}; the memory that is needed cannot be more than what is wanted.", nameof(estimate));
        cancellationToken.ThrowIfCancellationRequested();
        var (device, reason) = Choose(await devices(cancellationToken).ConfigureAwait(false), estimate);
        CancellationTokenSource? either = null;
        try
        {
            if (_isClosing) throw ShuttingDown(estimate);
            either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
            return await TakeAsync(device, estimate, reason, either.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw ShuttingDown(estimate);
        }
        finally
        {
            either?.Dispose();
        }
    }

    public void Dispose()
    {
        if (_isClosing) return;
        _isClosing = true;
        _closing.Cancel();
        _closing.Dispose();
    }

    private (Leased Device, string Reason) Choose(IReadOnlyList<IDevice> present, WorkloadEstimate estimate)
    {
        var asked = present.Where(device => IsAsked(device.Info, estimate)).Select(device => new Leased(device, budgets.For(device.Info))).ToArray();

        // Whoever names a device knows why, and may want to try one that has failed.
        if (estimate.DeviceId is not null && asked is [var named] && named.Budget.Refuse(estimate) is null) return (named, "it was asked for by name");
        var refusals = new List<DeviceRefusal>();
        var able = new List<Leased>();
        var candidates = new List<LeaseCandidate>();
        foreach (var device in asked)
        {
            var status = device.Device.GetStatus();
            var info = device.Device.Info;
            if (device.Budget.Refuse(estimate) is { } reason) refusals.Add(new DeviceRefusal(info.Id, reason));
            else if (status.Health == DeviceHealth.Failed) refusals.Add(new DeviceRefusal(info.Id, "it has failed"));
            else
            {
                able.Add(device);
                candidates.Add(new LeaseCandidate(info, profiles(info)?.ReadBandwidth, status.Health, FreeMemory(device.Budget, status)));
            }
        }

        if (able.Count == 0) throw new NoCompatibleDeviceException(estimate.Name, refusals.Count > 0 ? refusals : Absent(present, estimate));
        var choice = LeaseChoice.Make(candidates, estimate.MinMemoryBytes ?? estimate.MemoryBytes, estimate.BytesPerStep);
        return (able[choice.Index], choice.Reason);
    }

    private static bool IsAsked(DeviceInfo device, WorkloadEstimate estimate) => estimate switch
    {
        { DeviceId: { } id } => device.Id == id,
        { DeviceIds: { } ids } => ids.Contains(device.Id),
        _ => device.Kind == DeviceKind.Cpu,
    };

    private static IReadOnlyList<DeviceRefusal> Absent(IReadOnlyList<IDevice> present, WorkloadEstimate estimate)
    {
        if (estimate is { DeviceId: null, DeviceIds: null }) return [.. present.Select(device => new DeviceRefusal(device.Info.Id, "it is not a CPU and was not asked for by name"))];
        var reason = $"there is no such device; there are {(present.Count == 0 ? "none" : string.Join(", ", present.Select(device => device.Info.Id)))}";
        return [.. (estimate.DeviceId is { } id ? [id] : estimate.DeviceIds!).Select(id => new DeviceRefusal(id, reason))];
    }

    /// <summary>What of a device's memory is free, of the engine's account and as the device itself counts, other programs included.</summary>
    private static long FreeMemory(DeviceBudget budget, DeviceStatus status) =>
        Math.Min(budget.Memory.Available, status.FreeMemoryBytes is { } free ? (long)(free * FreeShare) : long.MaxValue);

    private static async ValueTask<DeviceLease> TakeAsync(Leased device, WorkloadEstimate estimate, string reason, CancellationToken cancellationToken)
    {
        var (id, budget) = (device.Device.Info.Id, device.Budget);

        // Who has its memory already must not wait behind somebody who may be waiting for just that.
        if (estimate is { HeldMemory: not null, MemoryBytes: 0 }) return new Lease(id, await TakeCoresAsync(budget, estimate, cancellationToken).ConfigureAwait(false), memory: null) { Reason = reason };

        await budget.Turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        MemoryReservation? memory = null;
        try
        {
            if (estimate.MemoryBytes > 0) memory = await TakeMemoryAsync(device, estimate, cancellationToken).ConfigureAwait(false);
            return new Lease(id, await TakeCoresAsync(budget, estimate, cancellationToken).ConfigureAwait(false), memory) { Reason = reason };
        }
        catch
        {
            memory?.Dispose();
            throw;
        }
        finally
        {
            budget.Turn.Release();
        }
    }

    /// <summary>All that is wanted, or what is free of it, or in the end what is needed.</summary>
    private static async ValueTask<MemoryReservation> TakeMemoryAsync(Leased device, WorkloadEstimate estimate, CancellationToken cancellationToken)
    {
        if (estimate.MinMemoryBytes is not { } least) return await device.Budget.Memory.ReserveAsync(estimate.MemoryBytes, estimate.Name, cancellationToken).ConfigureAwait(false);
        var bytes = Math.Clamp(FreeMemory(device.Budget, device.Device.GetStatus()), least, estimate.MemoryBytes);

        // Somebody may be quicker.
        if (bytes > least && device.Budget.Memory.TryReserve(bytes, out var memory, estimate.Name)) return memory;
        return await device.Budget.Memory.ReserveAsync(least, estimate.Name, cancellationToken).ConfigureAwait(false);
    }

    private static async ValueTask<CoreLease?> TakeCoresAsync(DeviceBudget device, WorkloadEstimate estimate, CancellationToken cancellationToken) =>
        estimate.Cores == 0 ? null : await device.Cores.TakeAsync(estimate.Cores, estimate.MinCores, cancellationToken).ConfigureAwait(false);

    private static RequestRejectedException ShuttingDown(WorkloadEstimate estimate) =>
        new(RejectionReason.ShuttingDown, $"{estimate.Name}: the engine is shutting down.");

    private readonly record struct Leased(IDevice Device, DeviceBudget Budget);

    private sealed class Lease(string deviceId, CoreLease? cores, MemoryReservation? memory) : DeviceLease(deviceId, cores?.Cores ?? 0, memory?.Bytes ?? 0)
    {
        protected override void Return()
        {
            cores?.Dispose();
            memory?.Dispose();
        }
    }
}
