using System.Numerics;

namespace EdgeAI.Generation;

/// <summary>The best scales so far, one a lane.</summary>
/// <param name="Scale">Of least squared error for the levels that were tried.</param>
/// <param name="ZeroPoint">The zero points they go with.</param>
/// <param name="Error">Their squared errors.</param>
internal readonly record struct ScaleFit(Vector<float> Scale, Vector<float> ZeroPoint, Vector<float> Error)
{
    /// <summary>Nothing tried yet.</summary>
    public static ScaleFit None(BlockFormat format) => new(Vector<float>.Zero, new Vector<float>(format.DefaultZeroPoint), new Vector<float>(float.MaxValue));

    /// <summary>The better in each lane: this, or levels l with remainders r, where each element is step * (l + r).</summary>
    /// <param name="step">The step they were rounded with.</param>
    /// <param name="zeroPoint">Their zero points.</param>
    /// <param name="sums">Their sums.</param>
    public ScaleFit OrBetter(Vector<float> step, Vector<float> zeroPoint, in LevelSums sums)
    {
        // Least squares: the step grows by Σlr / Σl², and the error falls by that times Σlr. Levels are whole: the squares sum to 1 or more, or to 0 with the products.
        var growth = sums.Products / Vector.MaxNative(sums.Squares, Vector<float>.One);
        var error = (sums.Remainders - growth * sums.Products) * (step * step);
        var isBetter = Vector.LessThan(error, Error);
        return new ScaleFit(
            Vector.ConditionalSelect(isBetter, step + step * growth, Scale), Vector.ConditionalSelect(isBetter, zeroPoint, ZeroPoint), Vector.ConditionalSelect(isBetter, error, Error));
    }
}
