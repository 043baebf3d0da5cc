namespace EdgeAI;

/// <summary>The PCI Express link that a device hangs on. Each value may be unknown (<see langword="null"/>).</summary>
/// <param name="Generation">The generation in use when it was read; an idle device lowers it.</param>
/// <param name="Lanes">The lanes in use when it was read.</param>
/// <param name="MaxGeneration">The highest generation that the device and its slot have in common.</param>
/// <param name="MaxLanes">The most lanes that the device and its slot have in common.</param>
public sealed record DeviceLink(int? Generation, int? Lanes, int? MaxGeneration, int? MaxLanes);
