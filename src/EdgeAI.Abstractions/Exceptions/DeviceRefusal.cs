namespace EdgeAI;

/// <summary>Why a device did not take a model, or a provider offered no device.</summary>
/// <param name="Device">The device's identifier, or the provider's name.</param>
/// <param name="Reason">The reason, as a sentence without its full stop.</param>
public sealed record DeviceRefusal(string Device, string Reason);
