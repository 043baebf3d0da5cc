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

    /// <summary>Encoder blocks as in BERT, unfused as exporters write them: attention over 128 positions and a feed-forward layer of four times the width.</summary>
    public static byte[] Attention(int width, int heads, int blocks)
    {
        const int Positions = 128;
        var size = width / heads;
        var random = new Random(1);
        var nodes = new List<OnnxNode>();
        var weights = new List<OnnxTensor>
        {
            OnnxTensor.Create<long>("split", [0, 0, heads, size], 4),
            OnnxTensor.Create<long>("join", [0, 0, width], 3),
            OnnxTensor.Create<float>("scale", [MathF.Sqrt(size)]),
            OnnxTensor.Create<float>("root", [MathF.Sqrt(2)]),
            OnnxTensor.Create<float>("one", [1]),
            OnnxTensor.Create<float>("half", [0.5f]),
        };

        string Node(string operation, string output, string[] inputs, params ReadOnlySpan<OnnxAttribute> attributes)
        {
            nodes.Add(new OnnxNode(operation, [.. inputs], [output], attributes));
            return output;
        }

        string Dense(string name, string input, int from, int to)
        {
            weights.Add(OnnxTensor.Create<float>($"{name}.w", Weights(random, from * to, from), from, to));
            weights.Add(OnnxTensor.Create<float>($"{name}.b", new float[to], to));
            return Node("Add", $"{name}.y", [Node("MatMul", $"{name}.m", [input, $"{name}.w"]), $"{name}.b"]);
        }

        string Norm(string name, string input)
        {
            var ones = new float[width];
            Array.Fill(ones, 1);
            weights.Add(OnnxTensor.Create<float>($"{name}.s", ones, width));
            weights.Add(OnnxTensor.Create<float>($"{name}.o", new float[width], width));
            return Node("LayerNormalization", $"{name}.y", [input, $"{name}.s", $"{name}.o"]);
        }

        string Heads(string name, string input, params ReadOnlySpan<long> order) =>
            Node("Transpose", $"{name}.t", [Node("Reshape", $"{name}.r", [input, "split"])], OnnxAttribute.Ints("perm", order));

        var value = "x";
        for (var block = 0; block < blocks; block++)
        {
            var name = $"b{block}";
            var query = Heads($"{name}.q", Dense($"{name}.q", value, width, width), 0, 2, 1, 3);
            var key = Heads($"{name}.k", Dense($"{name}.k", value, width, width), 0, 2, 3, 1);
            var values = Heads($"{name}.v", Dense($"{name}.v", value, width, width), 0, 2, 1, 3);
            var scores = Node("Softmax", $"{name}.p", [Node("Div", $"{name}.d", [Node("MatMul", $"{name}.s", [query, key]), "scale"])], OnnxAttribute.Int("axis", -1));
            var attended = Node("Transpose", $"{name}.at", [Node("MatMul", $"{name}.a", [scores, values])], OnnxAttribute.Ints("perm", 0, 2, 1, 3));
            var projected = Dense($"{name}.o", Node("Reshape", $"{name}.ar", [attended, "join"]), width, width);
            var middle = Norm($"{name}.n1", Node("Add", $"{name}.r1", [value, projected]));

            // Gelu by the error function.
            var wide = Dense($"{name}.f1", middle, width, 4 * width);
            var raised = Node("Add", $"{name}.e1", [Node("Erf", $"{name}.e", [Node("Div", $"{name}.dv", [wide, "root"])]), "one"]);
            var active = Node("Mul", $"{name}.g", [Node("Mul", $"{name}.wg", [wide, raised]), "half"]);
            value = Norm($"{name}.n2", Node("Add", $"{name}.r2", [middle, Dense($"{name}.f2", active, 4 * width, width)]));
        }

        return OnnxWriter.ToBytes(new OnnxModel(
            new OnnxGraph(
                "attention",
                [.. nodes],
                [OnnxValueInfo.Tensor("x", TensorElementType.Float32, "batch", Positions, width)],
                [OnnxValueInfo.Tensor(value, TensorElementType.Float32, "batch", Positions, width)],
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
