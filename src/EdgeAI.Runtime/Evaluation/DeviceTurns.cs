using EdgeAI.Scheduling;

namespace EdgeAI.Evaluation;

/// <summary>
/// Leases all cores of a device for each window of runs, so that a measurement neither disturbs models and chats nor is disturbed by them. Between two windows it is the others' turn, and a busy machine is
/// waited for. One task at a time.
/// </summary>
/// <param name="broker">Lends the cores, first come, first served.</param>
/// <param name="device">The device.</param>
/// <param name="clock">Time.</param>
internal sealed class DeviceTurns(IDeviceBroker broker, DeviceInfo device, Clock clock)
{
    private readonly WorkloadEstimate _all = new() { Name = $"the evaluation of {device.Id}", DeviceId = device.Id, Cores = Math.Max(1, device.Parallelism ?? 1), MinCores = Math.Max(1, device.Parallelism ?? 1) };

    /// <summary>Ticks that were spent waiting for others.</summary>
    public long Waited { get; private set; }

    /// <summary>Waits for the cores; disposing gives them back.</summary>
    public async ValueTask<DeviceLease> TakeAsync(CancellationToken cancellationToken)
    {
        var asked = clock.Now;
        var lease = await broker.LeaseAsync(_all, cancellationToken).ConfigureAwait(false);
        Waited += clock.Now - asked;
        return lease;
    }
}
