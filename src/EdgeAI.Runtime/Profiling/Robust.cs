using System.Numerics;

namespace EdgeAI.Profiling;

/// <summary>Statistics that one bad sample cannot move. Allocation-free for up to 256 samples.</summary>
internal static class Robust
{
    private const int OnStack = 256;

    /// <summary>The median; of an even count the lower middle, because a disturbed run is always a slow one.</summary>
    public static T Median<T>(ReadOnlySpan<T> values) where T : unmanaged, INumber<T> => Percentile(values, 0.5);

    /// <summary>The value of nearest rank: at least the fraction <paramref name="p"/> of the values is no larger. Always a value that occurred.</summary>
    public static T Percentile<T>(ReadOnlySpan<T> values, double p) where T : unmanaged, INumber<T>
    {
        ArgumentOutOfRangeException.ThrowIfZero(values.Length, nameof(values));
        var sorted = values.Length <= OnStack ? stackalloc T[values.Length] : new T[values.Length];
        values.CopyTo(sorted);
        sorted.Sort();
        return sorted[Math.Clamp((int)Math.Ceiling(p * sorted.Length) - 1, 0, sorted.Length - 1)];
    }

    /// <summary>Whether the largest of the positive values exceeds the smallest by no more than <paramref name="tolerance"/>, 0.1 for ten percent.</summary>
    public static bool Agree<T>(ReadOnlySpan<T> values, double tolerance) where T : unmanaged, INumber<T>
    {
        ArgumentOutOfRangeException.ThrowIfZero(values.Length, nameof(values));
        var (low, high) = (values[0], values[0]);
        foreach (var value in values[1..])
        {
            low = T.Min(low, value);
            high = T.Max(high, value);
        }

        return double.CreateChecked(high) <= double.CreateChecked(low) * (1 + tolerance);
    }
}
