namespace EdgeAI.Generation.Tests;

/// <summary>Rows and what the quantiser made of them.</summary>
internal sealed record QuantizedRows(BlockFormat Format, int Columns, float[] Originals, byte[] Weights, float[] Scales, byte[] ZeroPoints)
{
    public int Rows => Originals.Length / Columns;

    public static QuantizedRows Allocate(BlockFormat format, int columns, float[] rows)
    {
        var count = rows.Length / columns;
        return new QuantizedRows(
            format, columns, rows, new byte[count * format.WeightBytesPerRow(columns)], new float[count * format.BlocksPerRow(columns)], new byte[count * format.ZeroPointBytesPerRow(columns)]);
    }

    public static QuantizedRows Quantize(BlockFormat format, int columns, float[] rows)
    {
        var result = Allocate(format, columns, rows);
        RowQuantizer.Quantize(format, columns, rows, result.Weights, result.Scales, result.ZeroPoints);
        return result;
    }

    public float[] Dequantize()
    {
        var rows = new float[Originals.Length];
        RowDequantizer.Dequantize(Format, Columns, Weights, Scales, ZeroPoints, rows);
        return rows;
    }

    public WeightError Error() => WeightError.Measure(Originals, Dequantize());
}
