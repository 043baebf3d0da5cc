using System.Numerics;

namespace EdgeAI.Memory;

/// <summary>
/// Rounds sizes up to one of four steps per power of two, so that a pooled block wastes at most a fifth of its bytes
/// and a model with changing shapes uses few classes. The scheme of jemalloc's size classes.
/// </summary>
internal static class SizeClasses
{
    /// <summary>The smallest block: one cache line pair.</summary>
    public const nuint Smallest = 128;

    public static nuint RoundUp(nuint byteLength)
    {
        if (byteLength <= Smallest) return Smallest;
        var step = nuint.Max(Smallest / 4, (nuint)1 << (BitOperations.Log2(byteLength - 1) - 2));
        return checked((byteLength + step - 1) / step * step);
    }
}
