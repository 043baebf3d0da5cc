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
        var matrix = new QuantizedMatrix(projection.Matrix, StoredBlocks.Choose(projection.Matrix, wanted), quantization);
        var inputs = new List<string> { input };
        inputs.AddRange(matrix.ToTensors(name).Select(graph.Add));
        if (projection.Bias is { } bias)
        {
            if (matrix.Format.IsSymmetric) inputs.Add("");
            inputs.AddRange(["", graph.Add(name + ".bias", bias)]);
        }

        return graph.AddMicrosoft(
            "MatMulNBits",
            name,
            [.. inputs],
            OnnxAttribute.Int("K", projection.Matrix.Columns),
            OnnxAttribute.Int("N", projection.Matrix.Rows),
            OnnxAttribute.Int("bits", matrix.Format.Bits),
            OnnxAttribute.Int("block_size", matrix.Format.BlockSize),
            OnnxAttribute.Int("accuracy_level", Int8Activations));
    }
}
