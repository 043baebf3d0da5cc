namespace EdgeAI.Devices;

/// <summary>How much of a model a device can run.</summary>
/// <param name="Level">How much.</param>
/// <param name="Reason">Why not all of it; <see langword="null"/> with <see cref="DeviceSupportLevel.Full"/>.</param>
public sealed record DeviceSupport(DeviceSupportLevel Level, string? Reason = null)
{
    /// <summary>All of it.</summary>
    public static DeviceSupport Full { get; } = new(DeviceSupportLevel.Full);

    /// <summary>An operator that the device's runtime does not know, with its domain; <see langword="null"/> when that is not the reason.</summary>
    public string? UnknownOperator { get; init; }

    /// <summary>Some of it; the rest runs elsewhere.</summary>
    public static DeviceSupport Partial(string reason) => new(DeviceSupportLevel.Partial, reason);

    /// <summary>None of it.</summary>
    public static DeviceSupport None(string reason) => new(DeviceSupportLevel.None, reason);
}
