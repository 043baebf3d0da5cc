namespace EdgeAI.Onnx.Tests;

/// <summary>Small models that use one feature of the format each; all are valid and run in ONNX Runtime.</summary>
internal static class TestModels
{
    private const TensorElementType Float = TensorElementType.Float32;

    public static IReadOnlyDictionary<string, OnnxModel> All { get; } = new Dictionary<string, OnnxModel>
    {
        ["scale"] = Scale(),
        ["convolution"] = Convolution(),
        ["branches"] = Branches(),
        ["loop"] = Loop(),
        ["scan"] = Scan(),
        ["function"] = Function(),
        ["function with attribute"] = FunctionWithAttribute(),
        ["optional input left out"] = OptionalInputLeftOut(),
        ["overridable initializer"] = OverridableInitializer(),
        ["unsorted nodes"] = UnsortedNodes(),
        ["strings"] = Strings(),
        ["float16 weights"] = Float16Weights(),
        ["bfloat16 weights"] = BFloat16Weights(),
        ["int4 weights"] = Int4Weights(),
        ["sparse initializer"] = SparseInitializer(),
        ["sequence inside"] = SequenceInside(),
        ["optional inside"] = OptionalInside(),
        ["quantized"] = Quantized(),
        ["recurrent"] = Recurrent(),
        ["attribute kinds"] = AttributeKinds(),
        ["output is input"] = OutputIsInput(),
        ["empty tensor"] = EmptyTensor(),
        ["shadowed name"] = ShadowedName(),
    };

    public static OnnxModel Scale() => Model(
        new OnnxGraph("scale",
            [new OnnxNode("Mul", ["x", "two"], ["y"]) { Name = "mul" }],
            [Tensor("x", "n")],
            [Tensor("y", "n")],
            OnnxTensor.Scalar("two", 2f)));

    public static OnnxModel Convolution() => Model(
        new OnnxGraph("convolution",
            [
                new OnnxNode("Conv", ["x", "w", "b"], ["c"], OnnxAttribute.Ints("kernel_shape", 3, 3), OnnxAttribute.Ints("pads", 1, 1, 1, 1), OnnxAttribute.Int("group", 1)),
                new OnnxNode("LeakyRelu", ["c"], ["r"], OnnxAttribute.Float("alpha", 0.1f)),
                new OnnxNode("MaxPool", ["r"], ["p"], OnnxAttribute.Ints("kernel_shape", 2, 2), OnnxAttribute.Ints("strides", 2, 2), OnnxAttribute.String("auto_pad", "NOTSET")),
                new OnnxNode("Flatten", ["p"], ["f"], OnnxAttribute.Int("axis", 1)),
                new OnnxNode("Gemm", ["f", "m"], ["g"], OnnxAttribute.Int("transB", 1)),
                new OnnxNode("Softmax", ["g"], ["y"], OnnxAttribute.Int("axis", -1)),
            ],
            [Tensor("x", "batch", 2, 4, 4)],
            [Tensor("y", "batch", 5)],
            OnnxTensor.Create("w", Ramp(3 * 2 * 3 * 3), 3, 2, 3, 3),
            OnnxTensor.Create("b", Ramp(3), 3),
            OnnxTensor.Create("m", Ramp(5 * 12), 5, 12)));

    public static OnnxModel Branches()
    {
        var then = new OnnxGraph("then", [new OnnxNode("Add", ["x", "offset"], ["result"])], [], [Tensor("result", "n")], OnnxTensor.Scalar("offset", 10f));
        var otherwise = new OnnxGraph("else", [new OnnxNode("Neg", ["x"], ["negated"])], [], [Tensor("negated", "n")]);
        return Model(new OnnxGraph("branches",
            [
                new OnnxNode("ReduceSum", ["x"], ["sum"], OnnxAttribute.Int("keepdims", 0)),
                new OnnxNode("Greater", ["sum", "zero"], ["isPositive"]),
                new OnnxNode("If", ["isPositive"], ["y"], OnnxAttribute.Graph("then_branch", then), OnnxAttribute.Graph("else_branch", otherwise)),
            ],
            [Tensor("x", "n")],
            [Tensor("y", "n")],
            OnnxTensor.Scalar("zero", 0f)));
    }

    public static OnnxModel Loop()
    {
        var body = new OnnxGraph("body",
            [new OnnxNode("Add", ["carried", "x"], ["next"]), new OnnxNode("Identity", ["condition"], ["goOn"]), new OnnxNode("Identity", ["next"], ["seen"])],
            [new("i", new OnnxTensorType(TensorElementType.Int64, [])), new("condition", new OnnxTensorType(TensorElementType.Boolean, [])), new("carried", null)],
            [new("goOn", new OnnxTensorType(TensorElementType.Boolean, [])), Tensor("next", "n"), Tensor("seen", "n")]);
        return Model(new OnnxGraph("loop",
            [new OnnxNode("Loop", ["count", "", "x"], ["last", "all"], OnnxAttribute.Graph("body", body))],
            [Tensor("x", "n")],
            [Tensor("last", "n"), Tensor("all", "count", "n")],
            OnnxTensor.Scalar("count", 3L)));
    }

    public static OnnxModel Scan()
    {
        var body = new OnnxGraph("body",
            [new OnnxNode("Add", ["state", "row"], ["next"]), new OnnxNode("Identity", ["next"], ["out"])],
            [Tensor("state", 3), Tensor("row", 3)],
            [Tensor("next", 3), Tensor("out", 3)]);
        return Model(new OnnxGraph("scan",
            [new OnnxNode("Scan", ["initial", "x"], ["final", "y"], OnnxAttribute.Graph("body", body), OnnxAttribute.Int("num_scan_inputs", 1))],
            [Tensor("x", "n", 3)],
            [Tensor("final", 3), Tensor("y", "n", 3)],
            OnnxTensor.Create("initial", new float[3], 3)));
    }

    public static OnnxModel Function() => Model(
        new OnnxGraph("caller",
            [new OnnxNode("Twice", ["x"], ["h"]) { Domain = "our.functions" }, new OnnxNode("Twice", ["h"], ["y"]) { Domain = "our.functions" }],
            [Tensor("x", "n")],
            [Tensor("y", "n")]),
        new OnnxOpsetImport("our.functions", 1)) with
    {
        Functions = [new OnnxFunction("our.functions", "Twice", ["a"], ["b"], [new OnnxNode("Add", ["a", "a"], ["b"])], 21)],
    };

    public static OnnxModel FunctionWithAttribute() => Model(
        new OnnxGraph("caller",
            [
                new OnnxNode("Leaky", ["x"], ["h"], OnnxAttribute.Float("slope", 0.5f)) { Domain = "our.functions" },
                new OnnxNode("Leaky", ["h"], ["y"]) { Domain = "our.functions" },
            ],
            [Tensor("x", "n")],
            [Tensor("y", "n")]),
        new OnnxOpsetImport("our.functions", 1)) with
    {
        Functions =
        [
            new OnnxFunction("our.functions", "Leaky", ["a"], ["b"],
                [new OnnxNode("LeakyRelu", ["a"], ["b"], OnnxAttribute.Reference("alpha", OnnxAttributeType.Float, "slope"))], 21)
            {
                AttributeDefaults = [OnnxAttribute.Float("slope", 0.25f)],
            },
        ],
    };

    public static OnnxModel OptionalInputLeftOut() => Model(
        new OnnxGraph("clip", [new OnnxNode("Clip", ["x", "", "max"], ["y"])], [Tensor("x", "n")], [Tensor("y", "n")], OnnxTensor.Scalar("max", 0.5f)));

    public static OnnxModel OverridableInitializer() => Model(
        new OnnxGraph("default", [new OnnxNode("Mul", ["x", "factor"], ["y"])], [Tensor("x", "n"), Tensor("factor")], [Tensor("y", "n")], OnnxTensor.Scalar("factor", 3f)));

    public static OnnxModel UnsortedNodes() => Model(
        new OnnxGraph("unsorted", [new OnnxNode("Neg", ["h"], ["y"]), new OnnxNode("Abs", ["x"], ["h"])], [Tensor("x", "n")], [Tensor("y", "n")]));

    public static OnnxModel Strings() => Model(
        new OnnxGraph("strings",
            [new OnnxNode("Gather", ["words", "index"], ["word"], OnnxAttribute.Int("axis", 0)), new OnnxNode("Equal", ["word", "wanted"], ["y"])],
            [new("index", new OnnxTensorType(TensorElementType.Int64, ["n"]))],
            [new("word", new OnnxTensorType(TensorElementType.String, ["n"])), new("y", new OnnxTensorType(TensorElementType.Boolean, ["n"]))],
            OnnxTensor.CreateStrings("words", ["zero", "eins", "två", ""], 4),
            OnnxTensor.CreateStrings("wanted", ["eins"])));

    public static OnnxModel Float16Weights() => Model(
        new OnnxGraph("half", [new OnnxNode("Cast", ["w"], ["f"], OnnxAttribute.Int("to", 1)), new OnnxNode("Add", ["x", "f"], ["y"])],
            [Tensor("x", 3)], [Tensor("y", 3)], OnnxTensor.Create("w", [(Half)0.5, (Half)(-2), (Half)1024], 3)));

    public static OnnxModel BFloat16Weights() => Model(
        new OnnxGraph("brain", [new OnnxNode("Cast", ["w"], ["f"], OnnxAttribute.Int("to", 1)), new OnnxNode("Add", ["x", "f"], ["y"])],
            [Tensor("x", 3)], [Tensor("y", 3)], OnnxTensor.Create("w", [(BFloat16)0.5f, (BFloat16)(-2f), (BFloat16)1024f], 3)));

    public static OnnxModel Int4Weights() => Model(
        new OnnxGraph("int4", [new OnnxNode("DequantizeLinear", ["w", "s"], ["f"]), new OnnxNode("Add", ["x", "f"], ["y"])],
            [Tensor("x", 5)], [Tensor("y", 5)],
            OnnxTensor.Create("w", TensorElementType.Int4, OnnxTensorData.FromMemory(new byte[] { 0x21, 0x8F, 0x07 }), 5),
            OnnxTensor.Scalar("s", 0.25f)));

    public static OnnxModel SparseInitializer() => Model(
        new OnnxGraph("sparse", [new OnnxNode("Add", ["x", "s"], ["y"])], [Tensor("x", 2, 3)], [Tensor("y", 2, 3)]) with
        {
            SparseInitializers = [new OnnxSparseTensor(OnnxTensor.Create("s", [5f, 7f], 2), OnnxTensor.Create("", [1L, 5L], 2), 2, 3)],
        });

    public static OnnxModel SequenceInside() => Model(
        new OnnxGraph("sequence",
            [new OnnxNode("SequenceConstruct", ["x", "x"], ["s"]), new OnnxNode("ConcatFromSequence", ["s"], ["y"], OnnxAttribute.Int("axis", 0))],
            [Tensor("x", "n")], [Tensor("y", "m")]) with
        {
            ValueInfos = [new OnnxValueInfo("s", new OnnxSequenceType(new OnnxTensorType(Float, null)))],
        });

    public static OnnxModel OptionalInside() => Model(
        new OnnxGraph("optional",
            [new OnnxNode("Optional", ["x"], ["o"]), new OnnxNode("OptionalGetElement", ["o"], ["y"])],
            [Tensor("x", "n")], [Tensor("y", "n")]) with
        {
            ValueInfos = [new OnnxValueInfo("o", new OnnxOptionalType(new OnnxTensorType(Float, ["n"])))],
        });

    public static OnnxModel Quantized() => Model(
        new OnnxGraph("quantized",
            [
                new OnnxNode("DynamicQuantizeLinear", ["x"], ["q", "qs", "qz"]),
                new OnnxNode("MatMulInteger", ["q", "w", "qz", "wz"], ["i"]),
                new OnnxNode("Cast", ["i"], ["f"], OnnxAttribute.Int("to", 1)),
                new OnnxNode("Mul", ["f", "qs"], ["y"]),
            ],
            [Tensor("x", "n", 4)], [Tensor("y", "n", 2)],
            OnnxTensor.Create<sbyte>("w", [1, -2, 3, -4, 5, -6, 7, -8], 4, 2), OnnxTensor.Scalar<sbyte>("wz", 0)));

    public static OnnxModel Recurrent() => Model(
        new OnnxGraph("recurrent",
            [new OnnxNode("LSTM", ["x", "w", "r"], ["y", "", "c"], OnnxAttribute.Int("hidden_size", 2), OnnxAttribute.Strings("activations", "Sigmoid", "Tanh", "Tanh"))],
            [Tensor("x", "t", "n", 3)], [Tensor("y", "t", 1, "n", 2), Tensor("c", 1, "n", 2)],
            OnnxTensor.Create("w", Ramp(8 * 3), 1, 8, 3), OnnxTensor.Create("r", Ramp(8 * 2), 1, 8, 2)));

    public static OnnxModel AttributeKinds() => Model(
        new OnnxGraph("attributes",
            [
                new OnnxNode("Constant", [], ["c"], OnnxAttribute.Floats("value_floats", 1, 2, 3)),
                new OnnxNode("Constant", [], ["k"], OnnxAttribute.Tensor("value", OnnxTensor.Create("", [4f, 5f, 6f], 3))),
                new OnnxNode("Constant", [], ["p"], OnnxAttribute.SparseTensor("sparse_value", new OnnxSparseTensor(OnnxTensor.Create("", [9f], 1), OnnxTensor.Create("", [2L], 1), 3))),
                new OnnxNode("Sum", ["x", "c", "k", "p"], ["y"]),
            ],
            [Tensor("x", 3)], [Tensor("y", 3)]));

    public static OnnxModel OutputIsInput() => Model(
        new OnnxGraph("pass", [new OnnxNode("Neg", ["x"], ["y"])], [Tensor("x", "n")], [Tensor("y", "n"), Tensor("x", "n"), Tensor("k", 2)], OnnxTensor.Create("k", [1f, 2f], 2)));

    public static OnnxModel EmptyTensor() => Model(
        new OnnxGraph("empty", [new OnnxNode("Concat", ["x", "e"], ["y"], OnnxAttribute.Int("axis", 0))], [Tensor("x", "n")], [Tensor("y", "m")], OnnxTensor.Create("e", ReadOnlySpan<float>.Empty, 0)));

    /// <summary>The branch computes a value named like one of the outer graph, as exporters do.</summary>
    public static OnnxModel ShadowedName()
    {
        OnnxGraph Branch(string name, string opType) => new(name,
            [new OnnxNode(opType, ["x"], ["h"]), new OnnxNode("Identity", ["h"], ["out"])], [], [Tensor("out", "n")]);
        return Model(new OnnxGraph("shadowed",
            [
                new OnnxNode("If", ["c"], ["z"], OnnxAttribute.Graph("then_branch", Branch("then", "Neg")), OnnxAttribute.Graph("else_branch", Branch("else", "Abs"))),
                new OnnxNode("Add", ["z", "x"], ["y"]),
            ],
            [Tensor("x", "n")], [Tensor("y", "n")], OnnxTensor.Scalar("c", true)));
    }

    public static OnnxModel Model(OnnxGraph graph, params ReadOnlySpan<OnnxOpsetImport> extra) =>
        new(graph, [21, .. extra]) { ProducerName = "EdgeAI tests", Metadata = [new("purpose", "test")] };

    public static OnnxValueInfo Tensor(string name, params ReadOnlySpan<OnnxDimension> shape) => OnnxValueInfo.Tensor(name, Float, shape);

    public static float[] Ramp(int count) => [.. Enumerable.Range(0, count).Select(i => ((i * 37 % 19) - 9) / 10f)];
}
