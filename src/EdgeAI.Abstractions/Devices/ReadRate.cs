namespace EdgeAI;

/// <summary>How fast a device reads weights that take so much memory: small ones stay in its caches.</summary>
/// <param name="WorkingSetBytes">Bytes that are read again and again.</param>
/// <param name="BytesPerSecond">The rate.</param>
public sealed record ReadRate(long WorkingSetBytes, double BytesPerSecond);
