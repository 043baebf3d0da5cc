using System.Numerics;

namespace EdgeAI.Generation;

/// <summary>
/// The scale of a block without zero point. For given levels l of the elements x the scale of least squared error is Σlx / Σl², and the error falls as (Σlx)² / Σl² grows;
/// so levels are tried for a series of steps around the one that puts the extreme element on the lowest level (which plain rounding uses), and the best is refitted and
/// rounded again in turn, as in Lloyd's algorithm. The method of least squares over a series of steps is llama.cpp's (<c>make_qx_quants</c> in ggml-quants.c), with equal importance of all elements;
/// the alternation is that of Lloyd, Least squares quantization in PCM, IEEE Transactions on Information Theory 28 (1982).
/// </summary>
internal static class SymmetricSearch
{
    // Levels that reach up to the extreme: beyond the lowest level's magnitude it is cut off.
    private static ReadOnlySpan<float> Steps4 => [8f, 7f, 7.25f, 7.5f, 7.75f, 8.25f, 8.5f, 8.75f, 9f, 9.5f, 10f, 10.5f, 11f, 12f];

    private static ReadOnlySpan<float> Steps8 => [128f, 127f, 127.5f, 128.5f, 129f];

    private const int Rounds = 2;

    /// <summary>The scales, in units of the blocks; 0 for a block of zeros.</summary>
    public static Vector<float> FindScale(in BlockGroup group, BlockFormat format)
    {
        var extreme = Vector.ConditionalSelect(Vector.GreaterThan(group.Highest, -group.Lowest), group.Highest, group.Lowest);
        var inverseExtreme = -BlockGroup.Invert(extreme);
        var fit = new ScaleFit();
        foreach (var step in format.Bits == 4 ? Steps4 : Steps8) fit = Try(group, format, inverseExtreme * step, fit);
        for (var round = 0; round < Rounds; round++) fit = Try(group, format, BlockGroup.Invert(fit.Scale), fit);
        return fit.Scale;
    }

    private static ScaleFit Try(in BlockGroup group, BlockFormat format, Vector<float> inverse, ScaleFit best)
    {
        var lowest = new Vector<float>(-format.DefaultZeroPoint);
        var highest = new Vector<float>(format.DefaultZeroPoint - 1);
        var (products, squares) = (Vector<float>.Zero, Vector<float>.Zero);
        foreach (var value in group.Values)
        {
            var level = Vector.ClampNative(Vector.Round(value * inverse), lowest, highest);
            products += level * value;
            squares += level * level;
        }

        return best.OrBetter(products, squares);
    }
}
