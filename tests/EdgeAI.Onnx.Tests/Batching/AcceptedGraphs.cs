using static EdgeAI.Onnx.OnnxAttribute;
using static EdgeAI.Onnx.Tests.SmallGraph;

namespace EdgeAI.Onnx.Tests;

/// <summary>Graphs whose rows stay apart.</summary>
internal static class AcceptedGraphs
{
    private const TensorElementType I64 = TensorElementType.Int64;
    private const TensorElementType U8 = TensorElementType.UInt8;
    private const TensorElementType Bool = TensorElementType.Boolean;

    public static IReadOnlyDictionary<string, OnnxModel> All { get; } = Elementwise().Concat(Windows()).Concat(Normalization()).Concat(Products()).Concat(Reductions())
        .Concat(Shapes()).Concat(Axes()).Concat(Indices()).Concat(ShapeChains()).Concat(Layers()).Concat(Quantized()).Concat(Microsoft())
        .ToDictionary(entry => entry.Name, entry => entry.Model);

    private static SmallGraph Image(long opset = 21) => new SmallGraph(opset).Input("x", "n", 2, 4, 4);

    private static SmallGraph Matrix(long opset = 21) => new SmallGraph(opset).Input("x", "n", 6);

    private static SmallGraph Cube(long opset = 21) => new SmallGraph(opset).Input("x", "n", 4, 6);

    private static IEnumerable<(string Name, OnnxModel Model)> Elementwise() =>
    [
        ("unary", Matrix().Node("a = Relu x").Node("b = Tanh a").Node("y = HardSigmoid b").Build()),
        ("add a vector", Matrix().Weights("w", 6).Node("y = Add x w").Build()),
        ("add a row", Matrix().Weights("w", 1, 6).Node("y = Add x w").Build()),
        ("add a higher rank of ones", Matrix().Weights("w", 1, 1, 6).Node("y = Add x w").Build()),
        ("vector against a column", new SmallGraph().Input("x", "n").Weights("w", 3, 1).Node("y = Mul x w").Build()),
        ("two with rows", Matrix().Input("z", "n", 1).Node("y = Sub x z").Build()),
        ("three", Matrix().Input("z", "n", 6).Numbers("k", 1).Node("c = Greater x z").Node("y = Where c x z").Build()),
        ("shared input", Matrix().Input("z", 1).Node("y = Pow x z").Build()),
        ("clip", Matrix().Constant(OnnxTensor.Scalar("lo", -1f)).Node("y = Clip x lo").Build()),
        ("cast and dropout", Matrix().Node("d = Dropout x").Node("y = Cast d", Int("to", (long)TensorElementType.Int32)).Build()),
        ("variadic", Matrix().Input("z", "n", 6).Node("y = Max x z x").Build()),
        ("second axis", new SmallGraph().Input("x", 2, "n", 5).Input("z", 3, "n").Node("a = Relu x").Node("b = Neg z").Build("a", "b")),
        ("unnamed axes", new SmallGraph().Input("x", OnnxDimension.Unknown, 5).Input("z", OnnxDimension.Unknown, 1).Node("y = Add x z").Build()),
        ("model function", Function()),
    ];

    private static OnnxModel Function() => Matrix().Node("h = Custom x", Float("slope", 0.5f)).Node("y = Custom h").Build() is var model
        ? model with
        {
            Graph = model.Graph with { Nodes = [.. model.Graph.Nodes.Select(node => node with { Domain = "our" })] },
            OpsetImports = [21, new OnnxOpsetImport("our", 1)],
            Functions = [new OnnxFunction("our", "Custom", ["a"], ["b"], [new OnnxNode("LeakyRelu", ["a"], ["b"], OnnxAttribute.Reference("alpha", OnnxAttributeType.Float, "slope"))], 21) { AttributeDefaults = [Float("slope", 0.1f)] }],
        }
        : model;

    private static IEnumerable<(string Name, OnnxModel Model)> Windows() =>
    [
        ("convolution to a head", Image().Weights("w", 3, 2, 3, 3).Weights("m", 12, 5).Numbers("s", -1, 12).Node("c = Conv x w").Node("r = Reshape c s").Node("y = MatMul r m").Build()),
        ("convolution and flatten", Image().Weights("w", 3, 2, 3, 3).Node("c = Conv x w", Ints("pads", 1, 1, 1, 1)).Node("p = MaxPool c", Ints("kernel_shape", 2, 2), Ints("strides", 2, 2)).Node("y = Flatten p").Build()),
        ("transposed convolution", Image().Weights("w", 2, 3, 3, 3).Node("y = ConvTranspose x w").Build()),
        ("pools", Image().Node("a = AveragePool x", Ints("kernel_shape", 2, 2)).Node("y = LpPool a", Ints("kernel_shape", 2, 2)).Build()),
        ("global pools", Image().Node("a = GlobalAveragePool x").Node("b = GlobalMaxPool x").Node("y = Add a b").Build()),
        ("global norm", Image().Node("y = GlobalLpPool x").Build()),
        ("depth to space", new SmallGraph().Input("x", "n", 8, 2, 2).Node("d = DepthToSpace x", Int("blocksize", 2)).Node("y = SpaceToDepth d", Int("blocksize", 2)).Build()),
        ("any picture size", new SmallGraph().Input("x", "n", 2, "h", "w").Weights("k", 3, 2, 3, 3).Node("c = Conv x k").Node("y = GlobalMaxPool c").Build()),
    ];

    private static IEnumerable<(string Name, OnnxModel Model)> Normalization() =>
    [
        ("softmax", Cube().Node("a = Softmax x").Node("b = LogSoftmax a", Axis(1)).Node("y = Hardmax b").Build()),
        ("softmax flattened", Cube(11).Node("y = Softmax x").Build()),
        ("batch normalization", Image().Weights("s", 2).Weights("b", 2).Weights("m", 2).Constant(OnnxTensor.Create("v", [1f, 2f], 2)).Node("y = BatchNormalization x s b m v").Build()),
        ("instance normalization", Image().Weights("s", 2).Weights("b", 2).Node("y = InstanceNormalization x s b").Build()),
        ("group normalization", Image().Weights("s", 2).Weights("b", 2).Node("y = GroupNormalization x s b", Int("num_groups", 2)).Build()),
        ("layer normalization", Cube().Weights("s", 6).Weights("b", 6).Node("y _ d = LayerNormalization x s b").Build("y", "d")),
        ("norms", Image().Node("l = LRN x", Int("size", 3)).Node("n = LpNormalization l", Axis(1)).Node("y = MeanVarianceNormalization n", Ints("axes", 2, 3)).Build()),
    ];

    private static IEnumerable<(string Name, OnnxModel Model)> Products() =>
    [
        ("matrix product", Matrix().Weights("w", 6, 5).Node("y = MatMul x w").Build()),
        ("product with a vector", Cube().Weights("w", 6).Node("y = MatMul x w").Build()),
        ("product of rows", Cube().Input("z", "n", 6, 2).Node("y = MatMul x z").Build()),
        ("product from the left", Cube().Weights("w", 3, 4).Node("y = MatMul w x").Build()),
        ("columns", new SmallGraph().Input("x", 4, "n").Input("z", "n").Weights("w", 3, 4).Node("m = MatMul w x").Node("y = Add m z").Build()),
        ("rows behind heads", new SmallGraph().Input("x", 2, "n", 3).Input("z", "n").Weights("w", 2, 3, 5).Node("y = MatMul x w").Build()),
        ("general product", Matrix().Weights("w", 5, 6).Weights("b", 5).Node("y = Gemm x w b", Int("transB", 1)).Build()),
        ("general product transposed", new SmallGraph().Input("x", 6, "n").Weights("w", 6, 5).Input("c", "n", 1).Node("y = Gemm x w c", Int("transA", 1)).Build()),
        ("einstein sum", Cube().Input("z", "n", 5, 6).Node("y = Einsum x z", OnnxAttribute.String("equation", "bij,bkj->bik")).Build()),
    ];

    private static IEnumerable<(string Name, OnnxModel Model)> Reductions() =>
    [
        ("mean", Cube().Numbers("a", -1).Node("y = ReduceMean x a").Build()),
        ("sum by attribute", Cube(11).Node("y = ReduceSum x", Ints("axes", 1, 2), Int("keepdims", 0)).Build()),
        ("no axes at all", Cube().Node("y = ReduceMax x", Int("noop_with_empty_axes", 1)).Build()),
        ("extreme", Cube().Node("y = ArgMax x", Axis(1), Int("keepdims", 0)).Build()),
        ("running sum", Cube().Constant(OnnxTensor.Scalar("a", 1L)).Node("y = CumSum x a").Build()),
        ("largest", Cube().Numbers("k", 2).Node("v i = TopK x k").Build()),
        ("rows in the middle", new SmallGraph().Input("x", 3, "n", 2).Input("z", "n").Numbers("a", 0).Node("r = ReduceSum x a", Int("keepdims", 0)).Node("y = Neg r").Build("y")),
    ];

    private static IEnumerable<(string Name, OnnxModel Model)> Shapes() =>
    [
        ("reshape copies", Cube().Numbers("s", 0, -1).Node("y = Reshape x s").Build()),
        ("reshape merges and parts", Cube().Numbers("s", -1, 6).Numbers("t", -1, 4, 6).Weights("w", 6, 6).Node("m = Reshape x s").Node("p = MatMul m w").Node("y = Reshape p t").Build()),
        ("merge of unknown time", new SmallGraph().Input("x", "n", "t", 6).Numbers("s", -1, 6).Weights("w", 6, 2).Node("h = Shape x", Int("end", 2)).Numbers("c", 2).Node("m = Reshape x s").Node("p = MatMul m w").Node("q = Concat h c", Axis(0)).Node("y = Reshape p q").Build()),
        ("squeeze and unsqueeze", new SmallGraph().Input("x", "n", 1, 6).Numbers("a", 1).Numbers("b", 0, 3).Node("s = Squeeze x a").Node("u = Unsqueeze s b").Numbers("c", 0).Node("y = Squeeze u c").Build()),
        ("flatten at 2", new SmallGraph().Input("x", "n", 2, 3, 2).Numbers("t", -1, 2, 6).Node("f = Flatten x", Axis(2)).Node("y = Reshape f t").Build()),
        ("transposed", Cube().Node("t = Transpose x", Ints("perm", 1, 0, 2)).Numbers("s", 0, 0, 3, 2).Node("y = Reshape t s").Build()),
        ("heads", new SmallGraph().Input("x", 5, "n", 6).Input("z", "n").Numbers("s", 5, -1, 3).Numbers("u", -1, 2, 5, 3).Node("h = Reshape x s").Node("t = Transpose h", Ints("perm", 1, 0, 2)).Node("y = Reshape t u").Build()),
        ("identity of an input", Matrix().Node("y = Identity x").Build()),
    ];

    private static IEnumerable<(string Name, OnnxModel Model)> Axes() =>
    [
        ("concat", Cube().Input("z", "n", 2, 6).Node("y = Concat x z", Axis(1)).Build()),
        ("split", Cube().Node("a b = Split x", Axis(1), Int("num_outputs", 2)).Node("y = Mul a b").Build()),
        ("slice", Cube().Numbers("s", 1).Numbers("e", 3).Numbers("a", 1).Node("y = Slice x s e a").Build()),
        ("slice backwards", Cube().Numbers("s", -1).Numbers("e", -100).Numbers("a", 2).Numbers("p", -1).Node("y = Slice x s e a p").Build()),
        ("slice that keeps all rows", Cube().Numbers("s", 0, 1).Numbers("e", long.MaxValue, 4).Node("y = Slice x s e").Build()),
        ("slice before version 10", Cube(9).Node("y = Slice x", Ints("starts", 1), Ints("ends", 3), Ints("axes", 1)).Build()),
        ("pad", Cube().Numbers("p", 0, 1, 0, 0, 0, 2).Node("y = Pad x p").Build()),
        ("tile", Cube().Numbers("r", 1, 2, 1).Node("y = Tile x r").Build()),
        ("expand", Cube().Numbers("s", 2, 1, 4, 6).Node("y = Expand x s").Build()),
        ("triangle", Cube().Node("y = Trilu x").Build()),
        ("resize by scales", Image().Constant(OnnxTensor.Create("s", [1f, 1f, 2f, 1.5f], 4)).Node("y = Resize x _ s", OnnxAttribute.String("mode", "linear")).Build()),
        ("resize by sizes", Image().Node("h = Shape x", Int("end", 2)).Numbers("g", 8, 8).Node("s = Concat h g", Axis(0)).Node("y = Resize x _ _ s").Build()),
        ("upsample", Image(9).Constant(OnnxTensor.Create("s", [1f, 1f, 2f, 2f], 4)).Node("y = Upsample x s").Build()),
    ];

    private static IEnumerable<(string Name, OnnxModel Model)> Indices() =>
    [
        ("embedding", new SmallGraph().Input("ids", I64, "n", 5).Weights("w", 10, 4).Node("y = Gather w ids").Build()),
        ("pick a place", Cube().Constant(OnnxTensor.Scalar("i", 2L)).Node("y = Gather x i", Axis(1)).Build()),
        ("pick elements", Cube().Input("i", I64, "n", 2, 6).Node("y = GatherElements x i", Axis(1)).Build()),
        ("pick by coordinates in rows", Cube().Input("i", I64, "n", 3, 1).Node("y = GatherND x i", Int("batch_dims", 1)).Build()),
        ("look up by coordinates", new SmallGraph().Input("i", I64, "n", 3, 1).Weights("w", 4, 5).Node("y = GatherND w i").Build()),
        ("scatter", Cube().Input("i", I64, "n", 1, 6).Input("u", "n", 1, 6).Node("y = ScatterElements x i u", Axis(1)).Build()),
        ("one hot", new SmallGraph().Input("i", I64, "n", 3).Constant(OnnxTensor.Scalar("d", 4L)).Constant(OnnxTensor.Create("v", [0f, 1f], 2)).Node("y = OneHot i d v", Axis(1)).Build()),
    ];

    private static IEnumerable<(string Name, OnnxModel Model)> ShapeChains() =>
    [
        ("exporter's view", Cube().Node("s = Shape x").Constant(OnnxTensor.Scalar("i", 0L)).Node("g = Gather s i").Numbers("z", 0).Node("u = Unsqueeze g z").Numbers("m", -1).Node("c = Concat u m", Axis(0)).Node("y = Reshape x c").Build()),
        ("rows times heads", Cube().Node("s = Shape x", Int("end", 1)).Numbers("four", 4).Node("k = Mul s four").Numbers("m", 6).Node("c = Concat k m", Axis(0)).Node("r = Reshape x c").Node("d = Div k four").Numbers("t", 24).Node("e = Concat d t", Axis(0)).Node("y = Reshape r e").Build()),
        ("class token", Cube().Weights("w", 1, 1, 6).Node("s = Shape x", Int("end", 1)).Numbers("m", -1, -1).Node("c = Concat s m", Axis(0)).Numbers("three", 3).Node("o = ConstantOfShape three", Tensor("value", OnnxTensor.Create("", [1L], 1))).Numbers("minus", -1).Node("q = Mul o minus").Node("e = Equal c q").Node("f = Where e o c").Node("t = Expand w f").Node("y = Concat t x", Axis(1)).Build()),
        ("positions by length", new SmallGraph().Input("x", "n", "t", 6).Weights("w", 10, 6).Node("s = Shape x", Int("start", 1), Int("end", 2)).Constant(OnnxTensor.Scalar("o", 0L)).Constant(OnnxTensor.Scalar("p", 1L)).Node("l = Squeeze s").Node("r = Range o l p").Node("g = Gather w r").Node("y = Add x g").Build()),
        ("pads as exported", Image().Numbers("p", 0, 0, 1, 1, 0, 0, 0, 0).Numbers("h", -1, 2).Node("r = Reshape p h").Numbers("a", -1).Numbers("e", -100).Numbers("z", 0).Numbers("q", -1).Node("f = Slice r a e z q").Node("t = Transpose f", Ints("perm", 1, 0)).Node("v = Reshape t q").Node("y = Pad x v").Build()),
        ("tile by rows", Cube().Weights("w", 1, 4, 6).Node("s = Shape x", Int("end", 1)).Numbers("m", 1, 1).Node("c = Concat s m", Axis(0)).Node("t = Tile w c").Node("y = Add x t").Build()),
    ];

    private static IEnumerable<(string Name, OnnxModel Model)> Layers() =>
    [
        ("zero state as exported", new SmallGraph().Input("x", 3, "n", 4).Input("z", "n").Node("s = Shape x", Int("start", 1), Int("end", 2)).Numbers("one", 1).Numbers("h", 2).Node("c = Concat one s h", Axis(0)).Node("o = ConstantOfShape c").Weights("w", 1, 8, 4).Weights("r", 1, 8, 2).Node("a b d = LSTM x w r _ _ o o", Int("hidden_size", 2)).Build()),
        ("lstm", new SmallGraph().Input("x", 3, "n", 4).Input("h", 1, "n", 2).Input("c", 1, "n", 2).Weights("w", 1, 8, 4).Weights("r", 1, 8, 2).Node("a b d = LSTM x w r _ _ h c", Int("hidden_size", 2)).Build()),
        ("lstm from the tail", new SmallGraph().Input("x", "n", 3, 4).Weights("w", 2, 8, 4).Weights("r", 2, 8, 2).Node("t = Transpose x", Ints("perm", 1, 0, 2)).Node("a b d = LSTM t w r", Int("hidden_size", 2), OnnxAttribute.String("direction", "bidirectional")).Node("p = Transpose a", Ints("perm", 0, 2, 1, 3)).Numbers("s", 0, 0, -1).Node("q = Reshape p s").Node("y = Transpose q", Ints("perm", 1, 0, 2)).Build()),
        ("gru with lengths", new SmallGraph().Input("x", 3, "n", 4).Input("len", TensorElementType.Int32, "n").Weights("w", 1, 6, 4).Weights("r", 1, 6, 2).Node("a b = GRU x w r _ len", Int("hidden_size", 2)).Build()),
        ("rnn", new SmallGraph().Input("x", 3, "n", 4).Input("h", 1, "n", 2).Weights("w", 1, 2, 4).Weights("r", 1, 2, 2).Node("a b = RNN x w r _ _ h", Int("hidden_size", 2)).Build()),
    ];

    private static IEnumerable<(string Name, OnnxModel Model)> Quantized() =>
    [
        ("quantized by tensor", Scaled(Cube()).Node("q = QuantizeLinear x s z").Node("y = DequantizeLinear q s z").Build()),
        ("quantized by channel", Cube().Constant(OnnxTensor.Create("s", [0.1f, 0.2f, 0.3f, 0.4f], 4)).Node("y = QuantizeLinear x s", Axis(1)).Build()),
        ("quantized convolution", Scaled(Image()).Constant(OnnxTensor.Create("w", Enumerable.Range(0, 18).Select(i => (byte)i).ToArray(), 1, 2, 3, 3)).Node("q = QuantizeLinear x s z").Node("y = QLinearConv q s z w s z s z").Build()),
        ("integer convolution", new SmallGraph().Input("x", U8, "n", 2, 4, 4).Constant(OnnxTensor.Create("w", Enumerable.Range(0, 18).Select(i => (byte)i).ToArray(), 1, 2, 3, 3)).Node("y = ConvInteger x w").Build()),
        ("integer product", new SmallGraph().Input("x", U8, "n", 3).Constant(OnnxTensor.Create("w", Enumerable.Range(0, 6).Select(i => (byte)i).ToArray(), 3, 2)).Node("y = MatMulInteger x w").Build()),
        ("quantized product", Scaled(new SmallGraph().Input("x", U8, "n", 3)).Constant(OnnxTensor.Create("w", Enumerable.Range(0, 6).Select(i => (byte)i).ToArray(), 3, 2)).Node("y = QLinearMatMul x s z w s z s z").Build()),
        ("quantized pieces", Scaled(Cube()).Node("q = QuantizeLinear x s z").Node("a = ms.QLinearAdd q s z q s z s z").Node("b = ms.QLinearSigmoid a s z s z").Node("y = ms.QLinearConcat s z a s z b s z", Axis(1)).Build()),
    ];

    private static SmallGraph Scaled(SmallGraph graph) => graph.Constant(OnnxTensor.Scalar("s", 0.05f)).Constant(OnnxTensor.Scalar("z", (byte)128));

    private static IEnumerable<(string Name, OnnxModel Model)> Microsoft() =>
    [
        ("gelus", Cube().Weights("b", 6).Node("a = ms.Gelu x").Node("c = ms.FastGelu a b").Node("d = ms.BiasGelu c b").Node("y = ms.QuickGelu d").Build()),
        ("skip normalization", Cube().Input("z", "n", 4, 6).Weights("g", 6).Node("y _ _ t = ms.SkipLayerNormalization x z g").Build()),
        ("skip normalization with a shared tensor", Cube().Weights("z", 1, 4, 6).Weights("g", 6).Node("y = ms.SkipSimplifiedLayerNormalization x z g").Build()),
        ("root mean square", Cube().Weights("g", 6).Node("y = SimplifiedLayerNormalization x g").Build()),
        ("fused product", Cube().Input("z", "n", 4, 6).Node("y = ms.FusedMatMul x z", Int("transB", 1)).Build()),
        ("fused convolution", Image().Weights("w", 3, 2, 3, 3).Node("y = ms.FusedConv x w", OnnxAttribute.String("activation", "Relu")).Build()),
        ("fused gemm", Matrix().Weights("w", 6, 5).Weights("b", 5).Node("y = ms.FusedGemm x w b", OnnxAttribute.String("activation", "Relu")).Build()),
        ("four bits", new SmallGraph().Input("x", "n", 16).Constant(OnnxTensor.Create("w", Enumerable.Range(0, 16).Select(i => (byte)(i * 17)).ToArray(), 2, 1, 8)).Constant(OnnxTensor.Create("s", [0.1f, 0.2f], 2)).Node("y = ms.MatMulNBits x w s", Int("K", 16), Int("N", 2), Int("bits", 4), Int("block_size", 16)).Build()),
        ("transposed product", Cube().Weights("w", 5, 6).Node("y = ms.TransposeMatMul x w", Int("transB", 1)).Build()),
        ("integer product to float", new SmallGraph().Input("x", U8, "n", 3).Constant(OnnxTensor.Create("w", Enumerable.Range(0, 6).Select(i => (byte)i).ToArray(), 3, 2)).Constant(OnnxTensor.Scalar("a", 0.1f)).Weights("b", 2).Node("y = ms.MatMulIntegerToFloat x w a b").Build()),
        ("more quantized pieces", Scaled(Cube()).Node("q = QuantizeLinear x s z").Node("a = ms.QLinearMul q s z q s z s z").Node("y = ms.QLinearLeakyRelu a s z s z", Float("alpha", 0.1f)).Build()),
        ("attention", Cube().Weights("w", 6, 18).Weights("b", 18).Node("y = ms.Attention x w b", Int("num_heads", 2)).Build()),
        ("masked attention", Cube().Input("m", TensorElementType.Int32, "n", 4).Weights("w", 6, 18).Weights("b", 18).Node("y = ms.Attention x w b m", Int("num_heads", 2)).Build()),
        ("attention of heads", Cube().Input("k", "n", 5, 6).Input("v", "n", 5, 6).Node("y = ms.MultiHeadAttention x k v", Int("num_heads", 2)).Build()),
        ("embeddings", new SmallGraph().Input("i", TensorElementType.Int32, "n", 4).Input("t", TensorElementType.Int32, "n", 4).Input("m", TensorElementType.Int32, "n", 4).Weights("w", 10, 6).Weights("p", 4, 6).Weights("u", 2, 6).Weights("g", 6).Weights("b", 6).Node("y k = ms.EmbedLayerNormalization i t w p u g b m").Build()),
    ];
}
