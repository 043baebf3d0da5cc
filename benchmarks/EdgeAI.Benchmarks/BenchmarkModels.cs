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

    /// <summary>Five convolutions over an image of 3 x 48 x 192, about 1 ms a row on one core, and ten scores.</summary>
    public static byte[] Convolutional()
    {
        (int Channels, int Stride)[] layers = [(32, 2), (64, 1), (64, 2), (128, 1), (128, 2)];
        var random = new Random(1);
        var nodes = new List<OnnxNode>();
        var weights = new List<OnnxTensor>();
        var (value, channels) = ("x", 3);
        for (var layer = 0; layer < layers.Length; layer++)
        {
            var (next, stride) = layers[layer];
            weights.Add(OnnxTensor.Create<float>($"w{layer}", Weights(random, next * channels * 9, channels * 9), next, channels, 3, 3));
            nodes.Add(new OnnxNode("Conv", [value, $"w{layer}"], [$"c{layer}"], OnnxAttribute.Ints("kernel_shape", 3, 3), OnnxAttribute.Ints("strides", stride, stride), OnnxAttribute.Ints("pads", 1, 1, 1, 1)));
            nodes.Add(new OnnxNode("Relu", [$"c{layer}"], [$"r{layer}"]));
            (value, channels) = ($"r{layer}", next);
        }

        weights.Add(OnnxTensor.Create<float>("scores", Weights(random, channels * 10, channels), channels, 10));
        nodes.Add(new OnnxNode("GlobalAveragePool", [value], ["pooled"]));
        nodes.Add(new OnnxNode("Flatten", ["pooled"], ["features"], OnnxAttribute.Int("axis", 1)));
        nodes.Add(new OnnxNode("MatMul", ["features", "scores"], ["y"]));
        return OnnxWriter.ToBytes(new OnnxModel(
            new OnnxGraph(
                "convolutional",
                [.. nodes],
                [OnnxValueInfo.Tensor("x", TensorElementType.Float32, "batch", 3, 48, 192)],
                [OnnxValueInfo.Tensor("y", TensorElementType.Float32, "batch", 10)],
                [.. weights]),
            new OnnxOpsetImport("", 17)));
    }

    // Scaled so that signals neither fade nor grow over layers with Relu (He et al. 2015).
    private static float[] Weights(Random random, int count, int fanIn)
    {
        var data = new float[count];
        var bound = MathF.Sqrt(6f / fanIn);
        for (var i = 0; i < count; i++) data[i] = ((2 * random.NextSingle()) - 1) * bound;
        return data;
    }
}
