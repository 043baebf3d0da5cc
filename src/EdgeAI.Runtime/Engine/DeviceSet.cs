using EdgeAI.Devices;

namespace EdgeAI.Engine;

/// <summary>What one probe found. Immutable.</summary>
/// <param name="Devices">In the order of registration.</param>
/// <param name="Unavailable">What is absent and why.</param>
internal sealed record DeviceSet(IReadOnlyList<IDevice> Devices, IReadOnlyList<DeviceRefusal> Unavailable);
