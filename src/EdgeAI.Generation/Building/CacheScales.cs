namespace EdgeAI.Generation;

/// <summary>What one step of an 8-bit code stands for. Immutable.</summary>
/// <param name="KeyValueHeads">Heads of the cache.</param>
/// <param name="HeadSize">Channels of a head.</param>
/// <param name="Planes">By layer, keys before values: a scale for each channel, head after head.</param>
internal sealed record CacheScales(int KeyValueHeads, int HeadSize, IReadOnlyList<float[]> Planes);
