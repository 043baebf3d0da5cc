namespace EdgeAI.Leases;

/// <summary>A device that could do some work, at the moment of choosing. Immutable.</summary>
/// <param name="Info">The device.</param>
/// <param name="ReadBandwidth">Measured, in bytes per second; <see langword="null"/> where it was not.</param>
/// <param name="Health">Whether it can be trusted.</param>
/// <param name="FreeMemoryBytes">Memory that it has free for the work.</param>
internal readonly record struct LeaseCandidate(DeviceInfo Info, double? ReadBandwidth, DeviceHealth Health, long FreeMemoryBytes);
