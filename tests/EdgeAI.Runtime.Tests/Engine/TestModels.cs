using EdgeAI.Onnx;

namespace EdgeAI.Engine;

/// <summary>Small models that the simulated device answers by echo.</summary>
internal static class TestModels
{
    /// <summary>y = x, both float32[batch,4].</summary>
    public static ModelSource Echo(string id = "echo") => ModelSource.FromBytes(Serialize(Model("Identity")), id);

    /// <summary>y = x, and two outputs more: z = x and s, strings.</summary>
    public static ModelSource ThreeOutputs() => ModelSource.FromBytes(
        Serialize(new OnnxModel(
            new OnnxGraph(
                "three",
                [new OnnxNode("Identity", ["x"], ["y"]), new OnnxNode("Identity", ["x"], ["z"]), new OnnxNode("Identity", ["t"], ["s"])],
                [Tensor("x"), OnnxValueInfo.Tensor("t", TensorElementType.String, "words")],
                [Tensor("y"), Tensor("z"), OnnxValueInfo.Tensor("s", TensorElementType.String, "words")]),
            new OnnxOpsetImport("", 17))),
        "three");

    /// <summary>y = x, and z, the sum of x's row: float32[batch,1].</summary>
    public static ModelSource TwoOutputs() => Of(
        "two",
        [new OnnxNode("Identity", ["x"], ["y"]), new OnnxNode("ReduceSum", ["x"], ["z"])],
        [Tensor("x")],
        [Tensor("y"), OnnxValueInfo.Tensor("z", TensorElementType.Float32, "batch", 1)]);

    /// <summary>A model of these nodes and values.</summary>
    public static ModelSource Of(string id, IReadOnlyList<OnnxNode> nodes, IReadOnlyList<OnnxValueInfo> inputs, IReadOnlyList<OnnxValueInfo> outputs) =>
        ModelSource.FromBytes(Serialize(new OnnxModel(new OnnxGraph(id, [.. nodes], [.. inputs], [.. outputs]), new OnnxOpsetImport("", 17))), id);

    /// <summary>y = x, and a sequence that holds x.</summary>
    public static ModelSource WithSequence() => ModelSource.FromBytes(
        Serialize(new OnnxModel(
            new OnnxGraph(
                "sequence",
                [new OnnxNode("Identity", ["x"], ["y"]), new OnnxNode("SequenceConstruct", ["x"], ["list"])],
                [Tensor("x")],
                [Tensor("y"), new OnnxValueInfo("list", new OnnxSequenceType(new OnnxTensorType(TensorElementType.Float32, null)))]),
            new OnnxOpsetImport("", 17))),
        "sequence");

    /// <summary>A model with an operator that ONNX does not have.</summary>
    public static ModelSource Foreign() => ModelSource.FromBytes(
        Serialize(new OnnxModel(
            new OnnxGraph("foreign", [new OnnxNode("Frobnicate", ["x"], ["y"]) { Domain = "my.ops" }], [Tensor("x")], [Tensor("y")]),
            new OnnxOpsetImport("", 17),
            new OnnxOpsetImport("my.ops", 1))),
        "foreign");

    /// <summary>The echo model in a file.</summary>
    public static ModelSource EchoFile(string path, string output = "y", string opType = "Identity")
    {
        File.WriteAllBytes(path, Serialize(Model(opType, output)));
        return ModelSource.FromFile(path);
    }

    private static OnnxModel Model(string opType, string output = "y") =>
        new(new OnnxGraph("echo", [new OnnxNode(opType, ["x"], [output])], [Tensor("x")], [Tensor(output)]), new OnnxOpsetImport("", 17));

    private static OnnxValueInfo Tensor(string name) => OnnxValueInfo.Tensor(name, TensorElementType.Float32, "batch", 4);

    private static byte[] Serialize(OnnxModel model) => OnnxWriter.ToBytes(model);
}
