using EdgeAI.Onnx;

namespace EdgeAI.Benchmarks;

/// <summary>Models made on the spot, so that every benchmark runs in a bare clone.</summary>
internal static class BenchmarkModels
{
    /// <summary>y = x + x over 16 floats: nothing but overhead.</summary>
    public static byte[] OneNode() => OnnxWriter.ToBytes(new OnnxModel(
        new OnnxGraph(
            "one node",
            [new OnnxNode("Add", ["x", "x"], ["y"])],
            [OnnxValueInfo.Tensor("x", TensorElementType.Float32, "batch", 16)],
            [OnnxValueInfo.Tensor("y", TensorElementType.Float32, "batch", 16)]),
        new OnnxOpsetImport("", 17)));

    /// <summary>Fully connected layers of <paramref name="width"/> squared, each followed by a Relu.</summary>
    public static byte[] Dense(int width, int layers)
    {
        var random = new Random(1);
        var nodes = new List<OnnxNode>();
        var weights = new List<OnnxTensor>();
        for (var layer = 0; layer < layers; layer++)
        {
            var data = new float[width * width];
            for (var i = 0; i < data.Length; i++) data[i] = (random.NextSingle() - 0.5f) / MathF.Sqrt(width);
            weights.Add(OnnxTensor.Create<float>($"w{layer}", data, width, width));
            nodes.Add(new OnnxNode("MatMul", [layer == 0 ? "x" : $"h{layer}", $"w{layer}"], [$"m{layer}"]));
            nodes.Add(new OnnxNode("Relu", [$"m{layer}"], [layer == layers - 1 ? "y" : $"h{layer + 1}"]));
        }

        return OnnxWriter.ToBytes(new OnnxModel(
            new OnnxGraph(
                "dense",
                [.. nodes],
                [OnnxValueInfo.Tensor("x", TensorElementType.Float32, "batch", width)],
                [OnnxValueInfo.Tensor("y", TensorElementType.Float32, "batch", width)],
                [.. weights]),
            new OnnxOpsetImport("", 17)));
    }
}
