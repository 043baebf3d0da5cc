using EdgeAI.Onnx;

namespace EdgeAI.Generation;

/// <summary>Blocks of 4 or 8 bits with a scale each, multiplied by MatMulNBits with activations rounded to 8 bits (<c>accuracy_level</c> 4: four times as fast on a CPU).</summary>
/// <param name="wanted">What floats become.</param>
/// <param name="quantization">How and with what it is done.</param>
internal sealed class QuantizedFormat(BlockFormat wanted, Quantization quantization) : IProjectionFormat
{
    private const long Int8Activations = 4;

    public string Project(GraphAssembler graph, string name, string input, Projection projection)
    {
        var matrix = Quantize(projection.Matrix);
        return Multiply(graph, name, input, projection, matrix.Format, [.. matrix.ToTensors(name).Select(graph.Add)]);
    }

    /// <summary>
    /// Adds the look-up of rows by GatherBlockQuantized, whose table is the bytes of MatMulNBits in another shape: both initializers name the same range of the file.
    /// </summary>
    /// <param name="graph">Receives nodes and weights.</param>
    /// <param name="name">Names them.</param>
    /// <param name="tokens">The numbers of the rows, [.., ..].</param>
    /// <param name="rows">The matrix [vocabulary, hidden].</param>
    /// <returns>The rows' name and the product by the same weights; <see langword="null"/> where rows are not whole blocks, which the two operators pad differently.</returns>
    public (string Rows, TiedProjection Projection)? Embed(GraphAssembler graph, string name, string tokens, MatrixRows rows)
    {
        var matrix = Quantize(rows);
        var format = matrix.Format;
        if (!GatherFormat.SharesCodes(format, rows.Columns)) return null;
        OnnxTensor[] tensors = [.. matrix.ToTensors(name)];
        string[] names = [.. tensors.Select(graph.Add)];
        var table = graph.Add(OnnxTensor.Create(name + ".weight_rows", TensorElementType.UInt8, tensors[0].Data, rows.Rows, GatherFormat.BytesPerRow(format, rows.Columns)));
        var zeroPoints = format.IsSymmetric ? graph.Add(GatherFormat.DefaultZeroPoints(name + ".weight_rows_zero_points", format, rows.Rows, rows.Columns)) : names[2];
        graph.AddMicrosoft(
            "GatherBlockQuantized",
            name,
            [table, tokens, names[1], zeroPoints],
            OnnxAttribute.Int("gather_axis", 0),
            OnnxAttribute.Int("quantize_axis", 1),
            OnnxAttribute.Int("bits", format.Bits),
            OnnxAttribute.Int("block_size", format.BlockSize));
        return (name, (output, input) => Multiply(graph, output, input, new Projection(rows, null), format, names));
    }

    private QuantizedMatrix Quantize(MatrixRows rows) => new(rows, StoredBlocks.Choose(rows, wanted), quantization);

    private static string Multiply(GraphAssembler graph, string name, string input, Projection projection, BlockFormat format, string[] weights)
    {
        var inputs = new List<string> { input };
        inputs.AddRange(weights);
        if (projection.Bias is { } bias)
        {
            if (format.IsSymmetric) inputs.Add("");
            inputs.AddRange(["", graph.Add(name + ".bias", bias)]);
        }

        return graph.AddMicrosoft(
            "MatMulNBits",
            name,
            [.. inputs],
            OnnxAttribute.Int("K", projection.Matrix.Columns),
            OnnxAttribute.Int("N", projection.Matrix.Rows),
            OnnxAttribute.Int("bits", format.Bits),
            OnnxAttribute.Int("block_size", format.BlockSize),
            OnnxAttribute.Int("accuracy_level", Int8Activations));
    }
}
