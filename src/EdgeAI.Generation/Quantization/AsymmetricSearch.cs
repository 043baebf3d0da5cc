using System.Numerics;

namespace EdgeAI.Generation;

/// <summary>
/// The scale and zero point of a block. Steps are tried that spread a growing number of levels over the range from lowest to highest element (0 included): as many as there are is plain rounding,
/// more cuts off at both ends. For each step the two whole zero points beside the one that cuts both ends equally are tried, with the scale refitted by least squares as in <see cref="SymmetricSearch"/>;
/// at last the best is refitted and rounded again in turn with its neighbouring zero points. Shrinking the range in search of least error is common ground of weight quantisers (e.g. GPTQ's and HQQ's);
/// the series of steps with least squares follows llama.cpp's <c>make_qkx2_quants</c> in ggml-quants.c, whose minimum is a float where the zero point here is whole.
/// </summary>
internal static class AsymmetricSearch
{
    private static ReadOnlySpan<float> Steps4 => [15f, 14.5f, 15.5f, 16f, 16.5f, 17f, 17.5f, 18f, 19f, 20f, 21f, 22f];

    private static ReadOnlySpan<float> Steps8 => [255f, 254.5f, 255.5f, 256f, 257f];

    private const int Rounds = 2;

    /// <summary>The scales, in units of the blocks, and zero points; scale 0 for a block of zeros.</summary>
    public static (Vector<float> Scale, Vector<float> ZeroPoint) FindScale(in BlockGroup group, BlockFormat format)
    {
        var inverseRange = BlockGroup.Invert(group.Highest - group.Lowest);
        var levels = new Vector<float>(format.MaxCode);
        var half = new Vector<float>(0.5f);
        var fit = new ScaleFit() with { ZeroPoint = new Vector<float>(format.DefaultZeroPoint) };
        foreach (var step in format.Bits == 4 ? Steps4 : Steps8)
        {
            var inverse = inverseRange * step;
            var zero = Vector.Floor((levels - new Vector<float>(step)) * half - group.Lowest * inverse);
            fit = Try(group, levels, inverse, zero, fit);
        }

        for (var round = 0; round < Rounds; round++)
        {
            var inverse = BlockGroup.Invert(fit.Scale);
            fit = Try(group, levels, inverse, round % 2 == 0 ? fit.ZeroPoint : fit.ZeroPoint - Vector<float>.One, fit);
        }

        return (fit.Scale, fit.ZeroPoint);
    }

    /// <summary>Tries a zero point and the next.</summary>
    private static ScaleFit Try(in BlockGroup group, Vector<float> levels, Vector<float> inverse, Vector<float> zero, ScaleFit best)
    {
        var zero0 = Vector.ClampNative(zero, Vector<float>.Zero, levels);
        var zero1 = Vector.ClampNative(zero + Vector<float>.One, Vector<float>.Zero, levels);
        var (lowest0, lowest1) = (-zero0, -zero1);
        var (highest0, highest1) = (levels - zero0, levels - zero1);
        var (products0, products1, squares0, squares1) = (Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero, Vector<float>.Zero);
        foreach (var value in group.Values)
        {
            var level = Vector.Round(value * inverse);
            var level0 = Vector.ClampNative(level, lowest0, highest0);
            var level1 = Vector.ClampNative(level, lowest1, highest1);
            products0 += level0 * value;
            products1 += level1 * value;
            squares0 += level0 * level0;
            squares1 += level1 * level1;
        }

        return best.OrBetter(products0, squares0, zero0).OrBetter(products1, squares1, zero1);
    }
}
