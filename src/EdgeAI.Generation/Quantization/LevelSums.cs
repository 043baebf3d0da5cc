using System.Numerics;
using System.Runtime.CompilerServices;

namespace EdgeAI.Generation;

/// <summary>
/// What the error and the best scale of some levels follow from. Sums of remainders, not of the elements: with 8 bits the error is some 1e-5 of the sum of squares,
/// and as the difference of two such sums it would drown in rounding.
/// </summary>
internal struct LevelSums
{
    /// <summary>Σlr.</summary>
    public Vector<float> Products;

    /// <summary>Σl².</summary>
    public Vector<float> Squares;

    /// <summary>Σr².</summary>
    public Vector<float> Remainders;

    /// <summary>Adds an element in units of the step, and its level.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(Vector<float> value, Vector<float> level)
    {
        var remainder = value - level;
        Products += level * remainder;
        Squares += level * level;
        Remainders += remainder * remainder;
    }
}
