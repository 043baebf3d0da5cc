using System.Collections.Immutable;
using EdgeAI.Onnx;

namespace EdgeAI.Evaluation;

/// <summary>The graphs that devices are measured with. Pure: the same call makes the same graph.</summary>
internal static class ProbeGraphs
{
    /// <summary>The symbol that a point gives a length to.</summary>
    public const string Rows = "rows";

    private const long Opset = 17;
    private const int BlockSize = 32;

    /// <summary>Additions of 1 KiB, each waiting for the one before. The second operand is the input: nothing can be computed beforehand.</summary>
    public static OnnxModel Chain(int nodes) => Model(
        [.. Enumerable.Range(0, nodes).Select(node => new OnnxNode("Add", [node == 0 ? "x" : $"v{node - 1}", "x"], [node == nodes - 1 ? "y" : $"v{node}"]))],
        [Rows, 256],
        [Rows, 256]);

    /// <summary>Slices that leave one element out at either end in turns, each a copy of 1 KiB.</summary>
    public static OnnxModel Slices(int nodes) => Model(
        [.. Enumerable.Range(0, nodes).Select(node => new OnnxNode("Slice", [node == 0 ? "x" : $"v{node - 1}", node % 2 == 0 ? "one" : "zero", node % 2 == 0 ? "all" : "last", "axis"], [node == nodes - 1 ? "y" : $"v{node}"]))],
        [Rows, 256 + nodes],
        [Rows, 256],
        OnnxTensor.Create<long>("zero", [0], 1),
        OnnxTensor.Create<long>("one", [1], 1),
        OnnxTensor.Create<long>("last", [-1], 1),
        OnnxTensor.Create<long>("all", [int.MaxValue], 1),
        OnnxTensor.Create<long>("axis", [1], 1));

    /// <summary>Branches that hang on an input, each with one addition.</summary>
    public static OnnxModel Branches(int nodes)
    {
        static OnnxAttribute Branch(string attribute, string operation, string from, int node) => OnnxAttribute.Graph(
            attribute,
            new OnnxGraph(attribute, [new OnnxNode(operation, [from, "x"], [$"{attribute}{node}"])], [], [OnnxValueInfo.Tensor($"{attribute}{node}", TensorElementType.Float32, Rows, 256)]));

        return new OnnxModel(
            new OnnxGraph(
                "probe",
                [
                    .. Enumerable.Range(0, nodes).Select(node => (Index: node, From: node == 0 ? "x" : $"v{node - 1}")).Select(node => new OnnxNode(
                        "If", ["c"], [node.Index == nodes - 1 ? "y" : $"v{node.Index}"],
                        Branch("then_branch", "Add", node.From, node.Index), Branch("else_branch", "Sub", node.From, node.Index))),
                ],
                [OnnxValueInfo.Tensor("x", TensorElementType.Float32, Rows, 256), OnnxValueInfo.Tensor("c", TensorElementType.Boolean)],
                [OnnxValueInfo.Tensor("y", TensorElementType.Float32, Rows, 256)]),
            Opset);
    }

    /// <summary>Products of a few rows by square matrices, one after the other: each run reads all of them.</summary>
    public static OnnxModel Products(int width, int matrices) => Model(
        [.. Enumerable.Range(0, matrices).Select(layer => new OnnxNode("MatMul", [layer == 0 ? "x" : $"v{layer - 1}", $"w{layer}"], [layer == matrices - 1 ? "y" : $"v{layer}"]))],
        [Rows, width],
        [Rows, width],
        [.. Enumerable.Range(0, matrices).Select(layer => Weights($"w{layer}", fanIn: width, seed: layer, width, width))]);

    /// <summary>Rows of bytes by a matrix of signed bytes.</summary>
    public static OnnxModel IntegerProduct(int width) => new(
        new OnnxGraph(
            "probe",
            [new OnnxNode("MatMulInteger", ["x", "w"], ["y"])],
            [OnnxValueInfo.Tensor("x", TensorElementType.UInt8, Rows, width)],
            [OnnxValueInfo.Tensor("y", TensorElementType.Int32, Rows, width)],
            OnnxTensor.Create("w", TensorElementType.Int8, Bytes((long)width * width), width, width)),
        Opset);

    /// <summary>Rows by a matrix of 4-bit weights in blocks of 32, each with its scale.</summary>
    public static OnnxModel FourBitProduct(int width) => new(
        new OnnxGraph(
            "probe",
            [
                new OnnxNode(
                    "MatMulNBits", ["x", "w", "s"], ["y"],
                    OnnxAttribute.Int("K", width), OnnxAttribute.Int("N", width), OnnxAttribute.Int("bits", 4), OnnxAttribute.Int("block_size", BlockSize), OnnxAttribute.Int("accuracy_level", 4)) { Domain = OnnxDomains.Microsoft },
            ],
            [OnnxValueInfo.Tensor("x", TensorElementType.Float32, Rows, width)],
            [OnnxValueInfo.Tensor("y", TensorElementType.Float32, Rows, width)],
            OnnxTensor.Create("w", TensorElementType.UInt8, Bytes((long)width * width / 2), width, width / BlockSize, BlockSize / 2),
            Weights("s", fanIn: 1 << 20, seed: 0, width * width / BlockSize)),
        Opset,
        new OnnxOpsetImport(OnnxDomains.Microsoft, 1));

    /// <summary>A convolution that keeps the size of its image, of <see cref="Rows"/> squared.</summary>
    public static OnnxModel Convolution(int channels, int outputs, int kernel, int groups) => Model(
        [
            new OnnxNode(
                "Conv", ["x", "w"], ["y"],
                OnnxAttribute.Ints("kernel_shape", kernel, kernel), OnnxAttribute.Ints("pads", kernel / 2, kernel / 2, kernel / 2, kernel / 2), OnnxAttribute.Int("group", groups)),
        ],
        [1, channels, Rows, Rows],
        [1, outputs, Rows, Rows],
        Weights("w", fanIn: channels / groups * kernel * kernel, seed: 0, outputs, channels / groups, kernel, kernel));

    /// <summary>One node on rows of so many floats.</summary>
    public static OnnxModel Single(OnnxNode node, int width, params ReadOnlySpan<OnnxTensor> constants) => Model([node], [Rows, width], [Rows, width], constants);

    /// <summary>Rows become columns.</summary>
    public static OnnxModel Transpose(int width) => Model([new OnnxNode("Transpose", ["x"], ["y"], OnnxAttribute.Ints("perm", 1, 0))], [Rows, width], [width, Rows]);

    /// <summary>The largest of each window of 3 by 3, every second one.</summary>
    public static OnnxModel Pool(int channels, int side) => Model(
        [new OnnxNode("MaxPool", ["x"], ["y"], OnnxAttribute.Ints("kernel_shape", 3, 3), OnnxAttribute.Ints("strides", 2, 2), OnnxAttribute.Ints("pads", 1, 1, 1, 1))],
        [Rows, channels, side, side],
        [Rows, channels, side / 2, side / 2]);

    /// <summary>A recurrent layer with as many inputs as cells, for one sequence of <see cref="Rows"/> steps.</summary>
    public static OnnxModel Recurrent(int width) => Model(
        [new OnnxNode("LSTM", ["x", "w", "r"], ["y"], OnnxAttribute.Int("hidden_size", width))],
        [Rows, 1, width],
        [Rows, 1, 1, width],
        Weights("w", fanIn: width, seed: 0, 1, 4 * width, width),
        Weights("r", fanIn: width, seed: 1, 1, 4 * width, width));

    /// <summary>Products of small matrices, as attention makes them: <see cref="Rows"/> queries and keys, heads of so many elements.</summary>
    public static OnnxModel BatchedProduct(int heads, int size) => Model(
        [new OnnxNode("MatMul", ["x", "t"], ["y"]), new OnnxNode("Transpose", ["x"], ["t"], OnnxAttribute.Ints("perm", 0, 2, 1))],
        [heads, Rows, size],
        [heads, Rows, Rows]);

    /// <summary>Floats of a variance that keeps signals as large as they were, made while they are written.</summary>
    public static OnnxTensor Weights(string name, int fanIn, int seed, params ReadOnlySpan<nint> lengths)
    {
        var bytes = sizeof(float) * (long)TensorShape.GetElementCount(lengths);
        return OnnxTensor.Create(name, TensorElementType.Float32, OnnxTensorData.FromWriter(bytes, stream => ProbeNoise.Write(stream, bytes, MathF.Sqrt(3f / Math.Max(1, fanIn)), seed)), lengths);
    }

    private static OnnxModel Model(ImmutableArray<OnnxNode> nodes, ReadOnlySpan<OnnxDimension> input, ReadOnlySpan<OnnxDimension> output, params ReadOnlySpan<OnnxTensor> constants) => new(
        new OnnxGraph("probe", nodes, [OnnxValueInfo.Tensor("x", TensorElementType.Float32, input)], [OnnxValueInfo.Tensor("y", TensorElementType.Float32, output)], constants),
        Opset);

    private static OnnxTensorData Bytes(long count) => OnnxTensorData.FromWriter(count, stream => ProbeNoise.Write(stream, count));
}
