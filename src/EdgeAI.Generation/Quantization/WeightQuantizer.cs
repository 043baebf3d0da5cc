using System.Runtime.InteropServices;

namespace EdgeAI.Generation;

/// <summary>From rows of a checkpoint's weight to the blobs of MatMulNBits, without loss where the stored blocks allow it. Thread-safe, allocates nothing.</summary>
internal static class WeightQuantizer
{
    /// <summary>
    /// The format to build: what stored blocks can be repacked into without loss, where that has as many bits as wanted; asymmetric blocks of 32 for other stored blocks of 2 to 5 bits
    /// that have a minimum; otherwise what is wanted.
    /// </summary>
    /// <param name="stored">How the checkpoint stores the weight.</param>
    /// <param name="wanted">What to build from floats.</param>
    public static BlockFormat Choose(WeightFormat stored, BlockFormat wanted)
    {
        if (GgufRepacking.FindFormat(stored) is { } lossless && lossless.Bits == wanted.Bits) return lossless;
        return stored is WeightFormat.Q4_1 or WeightFormat.Q2_K or WeightFormat.Q4_K or WeightFormat.Q5_K && wanted.Bits == 4 ? new BlockFormat(4, 32, IsSymmetric: false) : wanted;
    }

    /// <summary>Reads and quantises rows; their number is that of the scales over the blocks of a row.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="format">From <see cref="Choose"/>, or any other.</param>
    /// <param name="firstRow">From 0.</param>
    /// <param name="workspace">At least rows * columns floats, written over: the rows as floats, or as stored.</param>
    /// <param name="weights">Receives the codes.</param>
    /// <param name="scales">Receives the scales.</param>
    /// <param name="zeroPoints">Receives the zero points; empty for a symmetric format.</param>
    /// <exception cref="ModelLoadException">A value is not finite.</exception>
    /// <exception cref="ArgumentException">A span does not fit the format.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static void Quantize(Weight weight, BlockFormat format, long firstRow, Span<float> workspace, Span<byte> weights, Span<float> scales, Span<byte> zeroPoints)
    {
        var columns = checked((int)weight.Columns);
        var count = scales.Length / format.BlocksPerRow(columns);
        if (GgufRepacking.FindFormat(weight.Format) == format)
        {
            var raw = MemoryMarshal.AsBytes(workspace)[..(count * GgufRepacking.BytesPerRow(weight.Format, columns))];
            weight.ReadRaw(firstRow, raw);
            GgufRepacking.Repack(weight.Format, columns, raw, weights, scales, firstRow, weight.Name);
        }
        else
        {
            var rows = workspace[..(count * columns)];
            weight.ReadRows(firstRow, rows);
            RowQuantizer.Quantize(format, columns, rows, weights, scales, zeroPoints, firstRow, weight.Name);
        }
    }
}
