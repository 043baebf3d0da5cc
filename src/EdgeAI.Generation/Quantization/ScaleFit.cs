using System.Numerics;

namespace EdgeAI.Generation;

/// <summary>The best scales so far, and how much of each block's sum of squares they explain.</summary>
/// <param name="Scale">Of least squared error for the levels that were tried.</param>
/// <param name="Explained">Sum of squares minus squared error.</param>
/// <param name="ZeroPoint">The zero points they go with.</param>
internal readonly record struct ScaleFit(Vector<float> Scale, Vector<float> Explained, Vector<float> ZeroPoint)
{
    /// <summary>The better in each lane: this, or levels with these sums.</summary>
    /// <param name="products">Σlx.</param>
    /// <param name="squares">Σl².</param>
    /// <param name="zeroPoint">The zero points of these levels.</param>
    public ScaleFit OrBetter(Vector<float> products, Vector<float> squares, Vector<float> zeroPoint = default)
    {
        // Levels are whole numbers: their squares sum to 1 or more, or to 0 together with the products.
        var scale = products / Vector.MaxNative(squares, Vector<float>.One);
        var explained = scale * products;
        var isBetter = Vector.GreaterThan(explained, Explained);
        return new ScaleFit(
            Vector.ConditionalSelect(isBetter, scale, Scale), Vector.ConditionalSelect(isBetter, explained, Explained), Vector.ConditionalSelect(isBetter, zeroPoint, ZeroPoint));
    }
}
