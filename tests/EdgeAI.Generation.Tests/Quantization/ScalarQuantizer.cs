namespace EdgeAI.Generation.Tests;

/// <summary>One block at a time, one number at a time: what the vector code must reproduce bit for bit, whatever the width.</summary>
internal static class ScalarQuantizer
{
    public static (float Scale, int ZeroPoint, int[] Codes) Quantize(BlockFormat format, float[] block)
    {
        var unit = Unit(block);
        var values = block.Select(value => unit == 0 ? 0 : value / unit).ToArray();
        var fit = format.IsSymmetric ? Symmetric(format, values) : Asymmetric(format, values);
        return (fit.Scale * unit, fit.ZeroPoint, [.. values.Select(value => (int)Level(value, Invert(fit.Scale), fit.ZeroPoint, format) + fit.ZeroPoint)]);
    }

    /// <summary>The power of two at or below the largest magnitude.</summary>
    private static float Unit(float[] block)
    {
        var max = block.Max(Math.Abs);
        return max < MathF.ScaleB(1, -100) ? 0 : MathF.ScaleB(1, int.Min(MathF.ILogB(max), 126));
    }

    private static Fit Symmetric(BlockFormat format, float[] values)
    {
        var (low, high) = (float.Min(0, values.Min()), float.Max(0, values.Max()));
        var extreme = high > -low ? high : low;
        var fit = new Fit(0, format.DefaultZeroPoint, float.MaxValue);
        foreach (var step in format.Bits == 4 ? SymmetricSearch.Steps4 : SymmetricSearch.Steps8) fit = Try(format, values, -Invert(extreme) * step, format.DefaultZeroPoint, fit);
        for (var round = 0; round < SymmetricSearch.Rounds; round++) fit = Try(format, values, Invert(fit.Scale), format.DefaultZeroPoint, fit);
        return fit;
    }

    private static Fit Asymmetric(BlockFormat format, float[] values)
    {
        var (low, high) = (float.Min(0, values.Min()), float.Max(0, values.Max()));
        var fit = new Fit(0, format.DefaultZeroPoint, float.MaxValue);
        foreach (var step in format.Bits == 4 ? AsymmetricSearch.Steps4 : AsymmetricSearch.Steps8)
        {
            var inverse = Invert(high - low) * step;
            var zero = (int)MathF.Floor((format.MaxCode - step) * 0.5f - low * inverse);
            fit = Try(format, values, inverse, zero, fit);
            fit = Try(format, values, inverse, zero + 1, fit);
        }

        for (var round = 0; round < AsymmetricSearch.Rounds; round++)
        {
            var (inverse, zero) = (Invert(fit.Scale), fit.ZeroPoint - round % 2);
            fit = Try(format, values, inverse, zero, fit);
            fit = Try(format, values, inverse, zero + 1, fit);
        }

        return fit.Scale == 0 ? fit with { ZeroPoint = format.DefaultZeroPoint } : fit;
    }

    private static Fit Try(BlockFormat format, float[] values, float inverse, int zeroPoint, Fit best)
    {
        zeroPoint = int.Clamp(zeroPoint, 0, format.MaxCode);
        var (products, squares, remainders) = (0f, 0f, 0f);
        foreach (var element in values)
        {
            var level = Level(element, inverse, zeroPoint, format);
            var remainder = element * inverse - level;
            products += level * remainder;
            squares += level * level;
            remainders += remainder * remainder;
        }

        var step = Invert(inverse);
        var growth = products / float.Max(squares, 1);
        var error = (remainders - growth * products) * (step * step);
        return error < best.Error ? new Fit(step + step * growth, zeroPoint, error) : best;
    }

    private static float Level(float value, float inverse, int zeroPoint, BlockFormat format) => float.Clamp(MathF.Round(value * inverse), -zeroPoint, format.MaxCode - zeroPoint);

    private static float Invert(float value) => value == 0 ? 0 : 1 / value;

    private readonly record struct Fit(float Scale, int ZeroPoint, float Error);
}
