namespace EdgeAI;

/// <summary>A device at one moment: facts, measurements and state. Immutable.</summary>
/// <param name="Info">Facts.</param>
/// <param name="Profile">Measurements; <see langword="null"/> before any.</param>
/// <param name="Status">State.</param>
public sealed record DeviceSnapshot(DeviceInfo Info, DeviceProfile? Profile, DeviceStatus Status);
