namespace EdgeAI.Generation;

/// <summary>How far quantised weights are from the originals. Sums, so that parts can be measured apart and added.</summary>
/// <param name="SquaredError">Sum of squared differences.</param>
/// <param name="SquaredValue">Sum of the squares of the originals.</param>
/// <param name="MaxError">The largest difference.</param>
internal readonly record struct WeightError(double SquaredError, double SquaredValue, float MaxError)
{
    /// <summary>Root of the mean squared error over that of the mean square of the originals; 0 where these are all 0.</summary>
    public double RelativeRms => SquaredValue == 0 ? 0 : Math.Sqrt(SquaredError / SquaredValue);

    /// <summary>Of two parts together.</summary>
    public static WeightError operator +(WeightError left, WeightError right) =>
        new(left.SquaredError + right.SquaredError, left.SquaredValue + right.SquaredValue, float.Max(left.MaxError, right.MaxError));

    /// <summary>Measures.</summary>
    /// <param name="originals">The weights.</param>
    /// <param name="dequantised">As many, after quantising.</param>
    public static WeightError Measure(ReadOnlySpan<float> originals, ReadOnlySpan<float> dequantised)
    {
        if (originals.Length != dequantised.Length) throw new ArgumentException($"{originals.Length} values cannot be compared with {dequantised.Length}.", nameof(dequantised));
        var (error, value, max) = (0d, 0d, 0f);
        for (var i = 0; i < originals.Length; i++)
        {
            var difference = (double)originals[i] - dequantised[i];
            error += difference * difference;
            value += (double)originals[i] * originals[i];
            max = float.Max(max, (float)Math.Abs(difference));
        }

        return new WeightError(error, value, max);
    }

    /// <summary>The error that llama.cpp's Q4_0 would have: the yardstick of the build report. Blocks of 32, extreme / -8 as half-precision scale, rounded to nearest (<c>quantize_row_q4_0_ref</c>).</summary>
    /// <param name="columns">Values of a row; the last block of a row may be short.</param>
    /// <param name="rows">Whole rows.</param>
    public static WeightError MeasureQ4_0(int columns, ReadOnlySpan<float> rows)
    {
        const int BlockSize = 32;
        var total = default(WeightError);
        Span<float> dequantised = stackalloc float[BlockSize];
        for (var row = 0; row < rows.Length; row += columns)
        {
            for (var start = 0; start < columns; start += BlockSize)
            {
                var block = rows.Slice(row + start, int.Min(BlockSize, columns - start));
                RoundAsQ4_0(block, dequantised);
                total += Measure(block, dequantised[..block.Length]);
            }
        }

        return total;
    }

    private static void RoundAsQ4_0(ReadOnlySpan<float> block, Span<float> dequantised)
    {
        var extreme = 0f;
        foreach (var value in block) extreme = Math.Abs(value) > Math.Abs(extreme) ? value : extreme;
        var scale = extreme / -8;
        var inverse = scale == 0 ? 0 : 1 / scale;
        var stored = (float)(Half)scale;
        for (var i = 0; i < block.Length; i++) dequantised[i] = (int.Min(15, (int)(block[i] * inverse + 8.5f)) - 8) * stored;
    }
}
