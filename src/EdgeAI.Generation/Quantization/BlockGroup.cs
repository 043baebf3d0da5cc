using System.Numerics;

namespace EdgeAI.Generation;

/// <summary>
/// As many blocks as a vector has lanes, one a lane: element i of all of them is vector i. Each lane does what scalar code would do, in the same order.
/// The constructor divides each block by a power of two, so that no square overflows or vanishes; that is exact.
/// </summary>
internal readonly ref struct BlockGroup
{
    // Exponent fields of binary32. Below 2^-100 a block counts as zeros; above 2^126 its unit stays there, as the inverse of 2^127 is no normal number.
    private const int MinExponent = 127 - 100;
    private const int MaxExponent = 127 + 126;
    private const int ExponentMask = 0x7F800000;

    public BlockGroup(Span<Vector<float>> values)
    {
        var bits = Vector<int>.Zero;
        foreach (var value in values) bits = Vector.Max(bits, Vector.AsVectorInt32(value) & new Vector<int>(int.MaxValue));
        IsFinite = Vector.LessThanAll(bits, new Vector<int>(ExponentMask));

        var exponent = Vector.Min(bits >>> 23, new Vector<int>(MaxExponent));
        var isZero = Vector.LessThan(exponent, new Vector<int>(MinExponent));
        Unit = Vector.AsVectorSingle(Vector.AndNot(exponent << 23, isZero));
        var inverse = Vector.AsVectorSingle(Vector.AndNot((new Vector<int>(254) - exponent) << 23, isZero));
        var (lowest, highest) = (Vector<float>.Zero, Vector<float>.Zero);
        foreach (ref var value in values)
        {
            value *= inverse;
            lowest = Vector.MinNative(lowest, value);
            highest = Vector.MaxNative(highest, value);
        }

        Values = values;
        Lowest = lowest;
        Highest = highest;
    }

    /// <summary>The elements, divided by <see cref="Unit"/>.</summary>
    public ReadOnlySpan<Vector<float>> Values { get; }

    /// <summary>Of each block: what its scale is to be multiplied with; 0 for a block of zeros.</summary>
    public Vector<float> Unit { get; }

    /// <summary>The smallest element or 0.</summary>
    public Vector<float> Lowest { get; }

    /// <summary>The largest element or 0.</summary>
    public Vector<float> Highest { get; }

    /// <summary>Whether every element is a number; the other members mean nothing otherwise.</summary>
    public bool IsFinite { get; }

    /// <summary>1 / scale; 0 where that is 0.</summary>
    public static Vector<float> Invert(Vector<float> scale) =>
        Vector.ConditionalSelect(Vector.Equals(scale, Vector<float>.Zero), Vector<float>.Zero, Vector<float>.One / scale);
}
