using EdgeAI.Devices;

namespace EdgeAI.Engine;

/// <summary>
/// The order in which a model is offered to the devices: those that can run all of it first, then those that can run
/// some, each in the order of registration; a CPU goes before its like where others join later, as it is ready while they still compile. Pure.
/// </summary>
internal sealed class DeviceChoice
{
    private DeviceChoice(IReadOnlyList<RoutingCandidate> candidates, IReadOnlyList<IDevice> order, IReadOnlyList<DeviceRefusal> refusals)
    {
        Candidates = candidates;
        Order = order;
        Refusals = refusals;
    }

    /// <summary>Every device that was asked, with its answer.</summary>
    public IReadOnlyList<RoutingCandidate> Candidates { get; }

    /// <summary>The devices that can take the model, best first.</summary>
    public IReadOnlyList<IDevice> Order { get; }

    /// <summary>Those that cannot.</summary>
    public required IReadOnlyList<IDevice> Declined { get; init; }

    /// <summary>Why the others cannot.</summary>
    public IReadOnlyList<DeviceRefusal> Refusals { get; }

    /// <summary>An operator that no device knows; <see langword="null"/> when that is not why none can take the model.</summary>
    public string? UnknownOperator { get; private init; }

    /// <summary>What a device has answered.</summary>
    public DeviceSupport SupportOf(IDevice device) => Candidates.First(candidate => candidate.DeviceId == device.Info.Id).Support;

    /// <summary>Whether a device takes its share beside the one that the model was opened on first: those that run only some of it do not.</summary>
    public bool MayJoin(IDevice device) => SupportOf(device).Level == DeviceSupportLevel.Full;

    public static DeviceChoice Make(DeviceSet devices, ModelDescriptor model, string? pinnedTo, bool cpuFirst)
    {
        var asked = pinnedTo is null ? devices.Devices : [.. devices.Devices.Where(d => d.Info.Id == pinnedTo)];
        var answers = asked.Select(device => (Device: device, Support: device.Evaluate(model))).ToArray();
        var able = answers.Where(a => a.Support.Level != DeviceSupportLevel.None).OrderByDescending(a => a.Support.Level).ThenBy(a => cpuFirst && a.Device.Info.Kind == DeviceKind.Cpu ? 0 : 1).Select(a => a.Device).ToArray();
        var declined = answers.Where(a => a.Support.Level == DeviceSupportLevel.None).ToArray();
        List<DeviceRefusal> refusals = [.. declined.Select(a => new DeviceRefusal(a.Device.Info.Id, a.Support.Reason ?? "it cannot run the model")), .. devices.Unavailable];
        if (pinnedTo is not null && asked.Count == 0)
        {
            refusals.Insert(0, new DeviceRefusal(pinnedTo, $"there is no such device; there are {(devices.Devices.Count == 0 ? "none" : string.Join(", ", devices.Devices.Select(d => d.Info.Id)))}"));
        }

        var allUnknown = declined.Length > 0 && able.Length == 0 && declined.All(a => a.Support.UnknownOperator is not null);
        return new DeviceChoice([.. answers.Select(a => new RoutingCandidate(a.Device.Info.Id, a.Support))], able, refusals)
        {
            Declined = [.. declined.Select(a => a.Device)],
            UnknownOperator = allUnknown ? declined[0].Support.UnknownOperator : null,
        };
    }
}
