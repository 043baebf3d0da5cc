using EdgeAI.Onnx;

namespace EdgeAI.Generation;

/// <summary>
/// How GatherBlockQuantized stores an embedding of [V, K] with quantize_axis 1: as MatMulNBits does (see <see cref="BlockFormat"/>), except that rows are not padded
/// and that zero points should always be given, as their default differs between devices. Where K is whole blocks, one blob serves both operators in two shapes,
/// [N, blocks, bytes] and [V, K * bits / 8]: tied embeddings need to be stored once.
/// See ContribOperators.md, com.microsoft.GatherBlockQuantized.
/// </summary>
internal static class GatherFormat
{
    /// <summary>Whether the codes are the same bytes as those of MatMulNBits.</summary>
    public static bool SharesCodes(BlockFormat format, int columns) => columns % format.BlockSize == 0;

    /// <summary>Bytes of the codes of one row.</summary>
    /// <exception cref="ArgumentException">A row does not end with a byte.</exception>
    public static int BytesPerRow(BlockFormat format, int columns) =>
        columns * format.Bits % 8 == 0 ? columns * format.Bits / 8 : throw new ArgumentException($"Rows of {columns} values of {format.Bits} bits do not end with a byte: such an embedding cannot be quantised.", nameof(columns));

    /// <summary>Bytes of the zero points of one row, uint8 [V, this].</summary>
    public static int ZeroPointBytesPerRow(BlockFormat format, int columns) => (format with { IsSymmetric = false }).ZeroPointBytesPerRow(columns);

    /// <summary>Moves rows of padded codes together, in place.</summary>
    /// <param name="format">Their format.</param>
    /// <param name="columns">Values of a row.</param>
    /// <param name="weights">Whole rows as <see cref="RowQuantizer"/> gives them.</param>
    /// <returns>The part that holds the rows now.</returns>
    public static Span<byte> Trim(BlockFormat format, int columns, Span<byte> weights)
    {
        var (padded, trimmed) = (format.WeightBytesPerRow(columns), BytesPerRow(format, columns));
        var count = weights.Length / padded;
        for (var row = 1; row < count && trimmed != padded; row++) weights.Slice(row * padded, trimmed).CopyTo(weights[(row * trimmed)..]);
        return weights[..(count * trimmed)];
    }

    /// <summary>The zero points of a symmetric format, [rows, <see cref="ZeroPointBytesPerRow"/>].</summary>
    public static OnnxTensor DefaultZeroPoints(string name, BlockFormat format, int rows, int columns)
    {
        var width = ZeroPointBytesPerRow(format, columns);
        return OnnxTensor.Create(name, TensorElementType.UInt8, OnnxTensorData.FromWriter((long)rows * width, stream =>
        {
            var row = new byte[width];
            FillZeroPoints(format, row);
            for (var i = 0; i < rows; i++) stream.Write(row);
        }), rows, width);
    }

    /// <summary>Writes the zero points of a symmetric format, which MatMulNBits leaves out.</summary>
    public static void FillZeroPoints(BlockFormat format, Span<byte> zeroPoints) => zeroPoints.Fill((byte)(format.Bits == 4 ? format.DefaultZeroPoint * 0x11 : format.DefaultZeroPoint));
}
