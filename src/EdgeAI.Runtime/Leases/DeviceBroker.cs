using EdgeAI.Memory;

namespace EdgeAI.Leases;

/// <summary>
/// Lends cores and memory of the devices' budgets. Memory is taken before cores, always: whoever holds cores never waits for memory, so nobody waits in a circle.
/// Disposing rejects those who wait; leases that are out stay valid.
/// </summary>
/// <param name="budgets">What there is to lend.</param>
/// <param name="devices">Tells which devices are here, in the order of preference.</param>
internal sealed class DeviceBroker(DeviceBudgets budgets, Func<CancellationToken, ValueTask<IReadOnlyList<DeviceInfo>>> devices) : IDeviceBroker, IDisposable
{
    private readonly CancellationTokenSource _closing = new();
    private volatile bool _isClosing;

    public async ValueTask<DeviceLease> LeaseAsync(WorkloadEstimate estimate, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(estimate);
        if (estimate.Cores > 0 && estimate.MinCores > estimate.Cores) throw new ArgumentException($"{estimate.Name}: MinCores is {estimate.MinCores} and Cores is {estimate.Cores}; the cores that are needed cannot be more than those that are wanted.", nameof(estimate));
        cancellationToken.ThrowIfCancellationRequested();
        var device = Choose(await devices(cancellationToken).ConfigureAwait(false), estimate);
        CancellationTokenSource? either = null;
        try
        {
            if (_isClosing) throw ShuttingDown(estimate);
            either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token);
            return await TakeAsync(device, estimate, either.Token).ConfigureAwait(false);
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

    private DeviceBudget Choose(IReadOnlyList<DeviceInfo> present, WorkloadEstimate estimate)
    {
        var asked = present.Where(device => estimate.DeviceId is { } id ? device.Id == id : device.Kind == DeviceKind.Cpu).Select(budgets.For).ToArray();
        var able = asked.Where(device => device.Refuse(estimate) is null).ToArray();
        if (able.Length > 0) return able.FirstOrDefault(device => device.Memory.Available >= estimate.MemoryBytes) ?? able[0];
        throw new NoCompatibleDeviceException(estimate.Name, asked.Length > 0
            ? [.. asked.Select(device => new DeviceRefusal(device.Info.Id, device.Refuse(estimate)!))]
            : Absent(present, estimate.DeviceId));
    }

    private static DeviceRefusal[] Absent(IReadOnlyList<DeviceInfo> present, string? deviceId) => deviceId is null
        ? [.. present.Select(device => new DeviceRefusal(device.Id, "it is not a CPU and was not asked for by name"))]
        : [new DeviceRefusal(deviceId, $"there is no such device; there are {(present.Count == 0 ? "none" : string.Join(", ", present.Select(device => device.Id)))}")];

    private static async ValueTask<DeviceLease> TakeAsync(DeviceBudget device, WorkloadEstimate estimate, CancellationToken cancellationToken)
    {
        // Who has its memory already must not wait behind somebody who may be waiting for just that.
        if (estimate is { HeldMemory: not null, MemoryBytes: 0 }) return new Lease(device.Info.Id, await TakeCoresAsync(device, estimate, cancellationToken).ConfigureAwait(false), memory: null);

        await device.Turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        MemoryReservation? memory = null;
        try
        {
            if (estimate.MemoryBytes > 0) memory = await device.Memory.ReserveAsync(estimate.MemoryBytes, estimate.Name, cancellationToken).ConfigureAwait(false);
            return new Lease(device.Info.Id, await TakeCoresAsync(device, estimate, cancellationToken).ConfigureAwait(false), memory);
        }
        catch
        {
            memory?.Dispose();
            throw;
        }
        finally
        {
            device.Turn.Release();
        }
    }

    private static async ValueTask<CoreLease?> TakeCoresAsync(DeviceBudget device, WorkloadEstimate estimate, CancellationToken cancellationToken) =>
        estimate.Cores == 0 ? null : await device.Cores.TakeAsync(estimate.Cores, estimate.MinCores, cancellationToken).ConfigureAwait(false);

    private static RequestRejectedException ShuttingDown(WorkloadEstimate estimate) =>
        new(RejectionReason.ShuttingDown, $"{estimate.Name}: the engine is shutting down.");

    private sealed class Lease(string deviceId, CoreLease? cores, MemoryReservation? memory) : DeviceLease(deviceId, cores?.Cores ?? 0, memory?.Bytes ?? 0)
    {
        protected override void Return()
        {
            cores?.Dispose();
            memory?.Dispose();
        }
    }
}
