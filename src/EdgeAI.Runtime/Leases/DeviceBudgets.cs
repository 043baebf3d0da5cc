using System.Collections.Concurrent;
using EdgeAI.Memory;

namespace EdgeAI.Leases;

/// <summary>The budgets of all devices, by identifier: lanes and leases draw on the same ones. Thread-safe.</summary>
/// <param name="host">The account of the host's memory, which is that of every CPU.</param>
internal sealed class DeviceBudgets(MemoryBudget host)
{
    private readonly ConcurrentDictionary<string, DeviceBudget> _budgets = new(StringComparer.Ordinal);

    /// <summary>The device's budget; the same one for every call.</summary>
    public DeviceBudget For(DeviceInfo device) => _budgets.GetOrAdd(device.Id, static (_, arguments) => arguments.Self.Create(arguments.Device), (Self: this, Device: device));

    private DeviceBudget Create(DeviceInfo device) => new(
        device,
        new CoreBudget(device.Parallelism),
        device.Kind == DeviceKind.Cpu ? host : new MemoryBudget(Math.Max(1, device.MemoryBytes ?? long.MaxValue)));
}
