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

    /// <summary>How many classes there are: the smallest, then four for each power of two from 128 on.</summary>
    public const int Count = 1 + ((64 - 7) * 4);

    public static nuint RoundUp(nuint byteLength)
    {
        if (byteLength <= Smallest) return Smallest;
        var step = nuint.Max(Smallest / 4, (nuint)1 << (BitOperations.Log2(byteLength - 1) - 2));
        return checked((byteLength + step - 1) / step * step);
    }

    /// <summary>The place of a size among the classes, 0 to <see cref="Count"/> - 1; the same for all sizes that round up to one class.</summary>
    public static int IndexOf(nuint byteLength)
    {
        if (byteLength <= Smallest) return 0;
        var power = BitOperations.Log2(byteLength - 1);
        return 1 + ((power - 7) * 4) + (int)(((byteLength - 1) >> (power - 2)) & 3);
    }
}
