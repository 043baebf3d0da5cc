namespace EdgeAI.Generation.Tests;

/// <summary>Plain rounding with the scale of the extremes, in double precision: what the search must not be worse than.</summary>
internal static class RoundToNearest
{
    public static double SquaredError(BlockFormat format, int columns, float[] rows)
    {
        var error = 0d;
        foreach (var row in rows.Chunk(columns))
        {
            foreach (var block in row.Chunk(format.BlockSize)) error += format.IsSymmetric ? Symmetric(format, block) : Asymmetric(format, block);
        }

        return error;
    }

    private static double Symmetric(BlockFormat format, float[] block)
    {
        double extreme = block.MaxBy(Math.Abs);
        return Error(block, extreme / -format.DefaultZeroPoint, format.DefaultZeroPoint, format.MaxCode);
    }

    private static double Asymmetric(BlockFormat format, float[] block)
    {
        var (low, high) = (Math.Min(0.0, block.Min()), Math.Max(0.0, block.Max()));
        var scale = (high - low) / format.MaxCode;
        return Error(block, scale, scale == 0 ? 0 : Math.Clamp(Math.Round(-low / scale), 0, format.MaxCode), format.MaxCode);
    }

    private static double Error(float[] block, double scale, double zeroPoint, int maxCode) =>
        block.Sum(value => Math.Pow(value - (scale == 0 ? 0 : (Math.Clamp(Math.Round(value / scale) + zeroPoint, 0, maxCode) - zeroPoint) * scale), 2));
}
