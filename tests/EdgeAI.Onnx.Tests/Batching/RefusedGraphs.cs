using static EdgeAI.Onnx.OnnxAttribute;
using static EdgeAI.Onnx.Tests.SmallGraph;

namespace EdgeAI.Onnx.Tests;

/// <summary>Graphs whose rows meet, or could, and what the analysis says of them.</summary>
internal static class RefusedGraphs
{
    private const TensorElementType I64 = TensorElementType.Int64;

    public static IReadOnlyDictionary<string, (OnnxModel Model, string Reason)> All { get; } = Elementwise().Concat(Mixing()).Concat(Products()).Concat(Shapes()).Concat(Indices()).Concat(Counting()).Concat(Signatures())
        .ToDictionary(entry => entry.Name, entry => (entry.Model, entry.Reason));

    private static SmallGraph Image(long opset = 21) => new SmallGraph(opset).Input("x", "n", 2, 4, 4);

    private static SmallGraph Cube(long opset = 21) => new SmallGraph(opset).Input("x", "n", 4, 6);

    private static IEnumerable<(string Name, OnnxModel Model, string Reason)> Elementwise() =>
    [
        ("add as many shared values", Cube().Weights("w", 5, 4, 6).Node("y = Add x w").Build(), "node 'y' (Add) pairs the rows of axis 0 with 5 shared values"),
        ("add a vector to rows", new SmallGraph().Input("x", "n").Weights("w", 3).Node("y = Add x w").Build(), "with 3 shared values"),
        ("rows with rows of another axis", new SmallGraph().Input("x", "n", 1).Input("z", "n").Node("y = Add x z").Build(), "pairs rows of axis 0 with rows of axis 1"),
        ("a shared length", Cube().Input("z", "k", 1, 1).Node("y = Add x z").Build(), "an unknown number of shared values"),
        ("dropout in training", Cube().Constant(OnnxTensor.Scalar("r", 0.5f)).Constant(OnnxTensor.Scalar("t", true)).Node("y = Dropout x r t").Build(), "at random"),
        ("multiples of rows", Cube().Numbers("s", -1, 6).Input("z", "n", 6).Node("r = Reshape x s").Node("y = Add r z").Build(), "pairs rows"),
    ];

    private static IEnumerable<(string Name, OnnxModel Model, string Reason)> Mixing() =>
    [
        ("softmax over rows", Cube().Node("y = Softmax x", Axis(0)).Build(), "(Softmax) mixes the rows of axis 0"),
        ("softmax flattened over rows", new SmallGraph(11).Input("x", 3, "n", 2).Input("z", "n").Node("y = Softmax x", Axis(0)).Build("y"), "mixes the rows of axis 1"),
        ("normalization over rows", Cube().Weights("s", 4, 6).Node("y = LayerNormalization x s", Axis(0)).Build(), "mixes the rows"),
        ("layer scale over rows", Cube().Weights("s", 3, 1, 6).Node("y = LayerNormalization x s").Build(), "with 3 shared values"),
        ("training statistics", Image().Weights("s", 2).Weights("b", 2).Weights("m", 2).Weights("v", 2).Node("y a c = BatchNormalization x s b m v", Int("training_mode", 1)).Build("y"), "statistics of the whole batch"),
        ("mean over all", Image().Node("y = MeanVarianceNormalization x").Build(), "mixes the rows of axis 0"),
        ("unit length over rows", Cube().Node("y = LpNormalization x", Axis(0)).Build(), "mixes the rows of axis 0"),
        ("channels are rows", new SmallGraph().Input("x", 2, "n", 4, 4).Input("z", "n").Node("y = LRN x", Int("size", 3)).Build("y"), "lie along axis 1 instead of 0"),
        ("sum of all", Cube().Node("y = ReduceSum x").Build(), "mixes the rows of axis 0"),
        ("mean of rows", Cube(11).Node("y = ReduceMean x", Ints("axes", -3)).Build(), "mixes the rows of axis 0"),
        ("neither kept nor dropped", Cube(11).Node("y = ReduceSum x", Ints("axes", 1), Int("keepdims", 64)).Build(), "'keepdims' that is neither 0 nor 1"),
        ("sum over axes of a request", Cube().Input("a", I64, 1).Node("y = ReduceSum x a").Build(), "not known before a request"),
        ("extreme of rows", Cube().Node("y = ArgMin x").Build(), "mixes the rows of axis 0"),
        ("running sum over rows", Cube().Constant(OnnxTensor.Scalar("a", -3L)).Node("y = CumSum x a").Build(), "mixes the rows of axis 0"),
        ("largest rows", Cube().Numbers("k", 1).Node("y i = TopK x k", Axis(0)).Build(), "mixes the rows of axis 0"),
        ("dynamic range", Cube().Node("q s z = DynamicQuantizeLinear x").Node("y = DequantizeLinear q s z").Build(), "range of the whole tensor"),
        ("dynamic product", Cube().Constant(OnnxTensor.Create("w", new byte[12], 6, 2)).Constant(OnnxTensor.Scalar("s", 1f)).Node("y = ms.DynamicQuantizeMatMul x w s").Build(), "(com.microsoft.DynamicQuantizeMatMul) quantises by the range"),
        ("noise", Cube().Node("r = RandomNormalLike x").Node("y = Add x r").Build(), "draws random numbers"),
        ("shared noise", Cube().Node("r = RandomNormal", Ints("shape", 1)).Node("y = Add x r").Build(), "draws random numbers"),
        ("nonzero", Cube().Node("y = NonZero x").Build(), "as the values of all rows ask for"),
        ("unknown operator", Cube().Node("y = Det x").Build(), "(Det) is an operator whose rows are not known to stay apart"),
        ("indices of pooling", Image().Node("p y = MaxPool x", Ints("kernel_shape", 2, 2)).Build("y"), "counts its indices"),
        ("convolution over rows", new SmallGraph().Input("x", 1, 2, "n").Input("z", "n").Weights("w", 2, 2, 1).Node("y = Conv x w").Build("y"), "lie along axis 2 instead of 0"),
        ("pooling over rows", new SmallGraph().Input("x", 1, 2, "n").Input("z", "n").Node("y = GlobalAveragePool x").Build("y"), "lie along axis 2 instead of 0"),
        ("recurrence over rows", new SmallGraph().Input("x", "n", 3, 4).Weights("w", 1, 8, 4).Weights("r", 1, 8, 2).Node("y = LSTM x w r", Int("hidden_size", 2)).Build(), "lie along axis 0 instead of 1"),
        ("one state for all", new SmallGraph().Input("x", 3, "n", 4).Input("z", "n").Input("h", 1, 1, 2).Weights("w", 1, 6, 4).Weights("r", 1, 6, 2).Node("y = GRU x w r _ _ h", Int("hidden_size", 2)).Build(), "has not the same rows"),
        ("loop", TestModels.Loop(), "runs a subgraph"),
        ("scale by row", Cube().Constant(OnnxTensor.Create("s", [0.1f, 0.2f], 2)).Node("y = QuantizeLinear x s", Axis(0)).Build(), "mixes the rows of axis 0"),
        ("zero point by row", new SmallGraph().Input("x", TensorElementType.UInt8, "n", 3).Constant(OnnxTensor.Create("w", new byte[6], 3, 2)).Constant(OnnxTensor.Create("z", new byte[2], 2)).Node("y = MatMulInteger x w z").Build(), "several numbers"),
    ];

    private static IEnumerable<(string Name, OnnxModel Model, string Reason)> Products() =>
    [
        ("sum over rows", new SmallGraph().Input("x", 4, "n").Input("z", "n", 3).Node("y = MatMul x z").Build(), "sums over the rows"),
        ("rows by rows", new SmallGraph().Input("x", "n", 4).Node("t = Transpose x").Node("y = MatMul x t").Build(), "rows along two axes"),
        ("rows against tables", new SmallGraph().Input("x", "n", 4, 4).Input("z", "n", 4).Node("y = MatMul z x").Build(), "two axes"),
        ("many matrices", Cube().Weights("w", 3, 6, 2).Node("y = MatMul x w").Build(), "with 3 shared values"),
        ("gemm over rows", new SmallGraph().Input("x", "n", 4).Weights("w", 3, 2).Node("y = Gemm x w", Int("transA", 1)).Build(), "sums over the rows"),
        ("gemm adds rows", new SmallGraph().Input("x", "n", 4).Weights("w", 4, 2).Weights("c", 3, 1).Node("y = Gemm x w c").Build(), "with 3 shared values"),
        ("einstein over rows", Cube().Input("z", "n", 5, 6).Node("y = Einsum x z", OnnxAttribute.String("equation", "bij,bkj->ik")).Build(), "sums over the rows"),
        ("einstein against shared", Cube().Weights("z", 3, 6).Node("y = Einsum x z", OnnxAttribute.String("equation", "bij,bj->bi")).Build(), "of another length"),
    ];

    private static IEnumerable<(string Name, OnnxModel Model, string Reason)> Shapes() =>
    [
        ("folds rows", new SmallGraph().Input("x", "n", 3).Numbers("s", -1, 6).Node("y = Reshape x s").Build(), "puts elements of different rows together"),
        ("all in one", Cube().Numbers("s", 1, -1).Node("y = Reshape x s").Build(), "several places a row along axis 1"),
        ("rows become columns", Cube().Numbers("s", 4, -1).Node("y = Reshape x s").Build(), "puts elements of different rows together"),
        ("time before rows", new SmallGraph().Input("x", 3, "n", 4).Input("z", "n").Numbers("s", -1, 4).Node("y = Reshape x s").Build("y"), "puts elements of different rows together"),
        ("flatten before rows", new SmallGraph().Input("x", 3, "n", 4).Input("z", "n").Node("y = Flatten x", Axis(2)).Build("y"), "puts elements of different rows together"),
        ("squeeze whatever is one", Cube().Node("y = Squeeze x").Build(), "whichever axes"),
        ("merged output", Cube().Numbers("s", -1, 6).Node("y = Reshape x s").Build(), "output 'y' has several places a row along axis 0"),
        ("join rows", Cube().Node("y = Concat x x", Axis(0)).Build(), "mixes the rows of axis 0"),
        ("join with shared", Cube().Weights("w", 1, 4, 6).Node("y = Concat x w", Axis(1)).Build(), "not as many"),
        ("split rows", Cube().Node("a b = Split x", Axis(0), Int("num_outputs", 2)).Node("y = Add a b").Build(), "mixes the rows of axis 0"),
        ("cut rows", Cube().Numbers("s", 0).Numbers("e", 1).Node("y = Slice x s e").Build(), "cuts the rows"),
        ("reverse rows", Cube().Numbers("s", -1).Numbers("e", long.MinValue).Numbers("a", 0).Numbers("p", -1).Node("y = Slice x s e a p").Build(), "cuts the rows"),
        ("pad rows", Cube().Numbers("p", 0, 0, 0, 1, 0, 0).Node("y = Pad x p").Build(), "mixes the rows of axis 0"),
        ("repeat rows", Cube().Numbers("r", 2, 1, 1).Node("y = Tile x r").Build(), "mixes the rows of axis 0"),
        ("spread rows", new SmallGraph().Input("x", "n", 1).Numbers("s", 4, 1).Node("y = Expand x s").Build(), "with 4 shared values"),
        ("triangle of rows", new SmallGraph().Input("x", "n", 4).Node("y = Trilu x").Build(), "mixes the rows of axis 0"),
        ("resize rows", Image().Constant(OnnxTensor.Create("s", [2f, 1f, 1f, 1f], 4)).Node("y = Resize x _ s").Build(), "resizes along the rows"),
        ("resize rows to a number", Image().Numbers("s", 1, 2, 8, 8).Node("y = Resize x _ _ s").Build(), "resizes along the rows"),
    ];

    private static IEnumerable<(string Name, OnnxModel Model, string Reason)> Indices() =>
    [
        ("pick a row", Cube().Constant(OnnxTensor.Scalar("i", 0L)).Node("y = Gather x i").Build(), "mixes the rows of axis 0"),
        ("pick by rows from rows", Cube().Input("i", I64, "n").Node("y = Gather x i", Axis(1)).Build(), "picks from all rows for each row"),
        ("pick elements of rows", Cube().Input("i", I64, "n", 4, 6).Node("y = GatherElements x i").Build(), "mixes the rows of axis 0"),
        ("pick coordinates of rows", Cube().Input("i", I64, "n", 1).Node("y = GatherND x i").Build(), "picks from other rows"),
        ("scatter shared", Cube().Input("i", I64, 1, 1, 6).Input("u", 1, 1, 6).Node("y = ScatterElements x i u", Axis(1)).Build(), "not the same rows"),
    ];

    private static IEnumerable<(string Name, OnnxModel Model, string Reason)> Counting() =>
    [
        ("mean by the number of rows", Cube().Node("s = Shape x", Int("end", 1)).Node("f = Cast s", Int("to", (long)TensorElementType.Float32)).Node("y = Div x f").Build(), "number of rows"),
        ("number the rows", new SmallGraph().Input("x", "n").Node("s = Shape x").Constant(OnnxTensor.Scalar("o", 0L)).Constant(OnnxTensor.Scalar("p", 1L)).Numbers("a", 0).Node("l = Squeeze s a").Node("y = Range o l p").Build(), "number of rows"),
        ("table cut by rows", new SmallGraph().Input("x", "n", 6).Weights("w", 10, 6).Node("s = Shape x", Int("end", 1)).Numbers("o", 0).Node("c = Slice w o s").Node("y = Add x c").Build(), "by their number"),
        ("shape as the answer", Cube().Node("y = Shape x").Build(), "changes with the number of rows"),
        ("shared shaped by rows", Cube().Input("z", "k").Node("s = Shape x", Int("end", 1)).Numbers("m", -1).Node("c = Concat s m", Axis(0)).Node("y = Reshape z c").Build(), "by their number"),
        ("square of rows", Cube().Node("s = Shape x", Int("end", 1)).Node("c = Concat s s", Axis(0)).Node("y = ConstantOfShape c").Build(), "two axes"),
        ("nothing of the rows", Cube().Input("z", 3).Node("y = Relu z").Build(), "no output depends on the rows"),
    ];

    private static IEnumerable<(string Name, OnnxModel Model, string Reason)> Signatures() =>
    [
        ("fixed", new SmallGraph().Input("x", 1, 3).Node("y = Relu x").Build(), "input 'x' has the fixed length 1 on axis 0"),
        ("scalar", new SmallGraph().Input("x").Node("y = Relu x").Build(), "no input has a batch axis"),
        ("strings", new SmallGraph().Input("x", TensorElementType.String, "n").Node("y = Identity x").Build(), "input 'x' holds strings"),
        ("rank unknown", new OnnxModel(new OnnxGraph("g", [new OnnxNode("Relu", ["x"], ["y"])], [new OnnxValueInfo("x", new OnnxTensorType(TensorElementType.Float32, null))], [new OnnxValueInfo("y", null)]), 21), "input 'x' declares no axes"),
        ("time of one picture", new SmallGraph().Input("x", 1, 3, "h").Node("y = Relu x").Build(), "input 'x' has the fixed length 1 on axis 0"),
    ];
}
