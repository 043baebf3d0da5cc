namespace EdgeAI.Generation;

/// <summary>Turns the blobs of MatMulNBits back into rows of floats, as the operator's definition says: (code - zero point) * scale, rounded once to binary32. Thread-safe.</summary>
internal static class RowDequantizer
{
    /// <summary>Dequantises whole rows.</summary>
    /// <param name="format">How they are stored.</param>
    /// <param name="columns">Values of a row.</param>
    /// <param name="weights">The codes.</param>
    /// <param name="scales">The scales.</param>
    /// <param name="zeroPoints">The zero points; empty for a symmetric format.</param>
    /// <param name="rows">Receives the rows.</param>
    /// <exception cref="ArgumentException">A span does not fit the format.</exception>
    public static void Dequantize(BlockFormat format, int columns, ReadOnlySpan<byte> weights, ReadOnlySpan<float> scales, ReadOnlySpan<byte> zeroPoints, Span<float> rows)
    {
        var count = format.RequireRows(columns, rows.Length, weights.Length, scales.Length, zeroPoints.Length);
        var blocksPerRow = format.BlocksPerRow(columns);
        for (var row = 0; row < count; row++)
        {
            var zeroPointsOfRow = zeroPoints.Slice(row * format.ZeroPointBytesPerRow(columns), format.ZeroPointBytesPerRow(columns));
            for (var block = 0; block < blocksPerRow; block++)
            {
                var at = row * blocksPerRow + block;
                var codes = weights.Slice(at * format.BytesPerBlock, format.BytesPerBlock);
                var values = rows.Slice(row * columns + block * format.BlockSize, int.Min(format.BlockSize, columns - block * format.BlockSize));
                var zero = format.IsSymmetric ? format.DefaultZeroPoint : Code(format.Bits, zeroPointsOfRow, block);
                for (var i = 0; i < values.Length; i++) values[i] = (Code(format.Bits, codes, i) - zero) * scales[at];
            }
        }
    }

    private static int Code(int bits, ReadOnlySpan<byte> codes, int index) => bits == 8 ? codes[index] : codes[index / 2] >> (index % 2 * 4) & 0xF;
}
