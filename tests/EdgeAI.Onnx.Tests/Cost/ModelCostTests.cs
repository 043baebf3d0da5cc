namespace EdgeAI.Onnx.Tests.Cost;

/// <summary>Counts against what one gets with pencil and paper from the operators' definitions.</summary>
[TestClass]
public sealed class ModelCostTests
{
    private const TensorElementType UInt8 = TensorElementType.UInt8, Int8 = TensorElementType.Int8;

    [TestMethod]
    public void Estimate_MatMul_CountsTwoForEachProduct()
    {
        // [2,3,5] x [5,7]: 6 rows; 2*6*7*5 = 420. Reads 30 floats and 35 weights, writes 42.
        var cost = Single(new SmallGraph().Input("x", 2, 3, 5).Weights("w", 5, 7).Node("y = MatMul x w"));

        AssertCost(cost, OperatorFamily.MatrixProduct, flops: 420, weights: 35 * 4, read: 30 * 4, written: 42 * 4);
        AssertProduct(cost, rows: 6, columns: 7, depth: 5, groups: 1);
        Assert.AreEqual(TensorElementType.Float32, cost.ElementType);
    }

    [TestMethod]
    public void Estimate_BatchedMatMul_CountsEachMatrix()
    {
        // Attention scores of 2 sequences and 4 heads: 8 products of 6x3 by 3x6.
        var cost = Single(new SmallGraph().Input("q", 2, 4, 6, 3).Input("k", 2, 4, 3, 6).Node("y = MatMul q k"));

        AssertCost(cost, OperatorFamily.MatrixProduct, flops: 8 * 2 * 6 * 6 * 3, weights: 0, read: (144 + 144) * 4, written: 288 * 4);
        AssertProduct(cost, rows: 6, columns: 6, depth: 3, groups: 8);
    }

    [TestMethod]
    public void Estimate_Gemm_CountsTransposedWeightsAndBias()
    {
        // [3,4] x [5,4]^T + [5]: 2*3*5*4 + 15.
        var cost = Single(new SmallGraph().Input("x", 3, 4).Weights("w", 5, 4).Weights("b", 5).Node("y = Gemm x w b", OnnxAttribute.Int("transB", 1)));

        AssertCost(cost, OperatorFamily.MatrixProduct, flops: 120 + 15, weights: 25 * 4, read: 12 * 4, written: 15 * 4);
        AssertProduct(cost, rows: 3, columns: 5, depth: 4, groups: 1);
    }

    [TestMethod]
    public void Estimate_MatMulNBits_ReadsPackedWeights()
    {
        // 64 x 8 in blocks of 32: 2 blocks of 16 bytes and a scale for each of 8 columns.
        var graph = new SmallGraph().Input("x", 3, 64)
            .Constant(OnnxTensor.Create("b", new byte[8 * 2 * 16], 8, 2, 16)).Constant(OnnxTensor.Create("s", new float[16], 16))
            .Node("y = ms.MatMulNBits x b s", OnnxAttribute.Int("K", 64), OnnxAttribute.Int("N", 8), OnnxAttribute.Int("bits", 4), OnnxAttribute.Int("block_size", 32));

        var cost = Single(graph);

        AssertCost(cost, OperatorFamily.MatrixProduct, flops: 2 * 3 * 8 * 64, weights: 256 + 64, read: 3 * 64 * 4, written: 24 * 4);
        AssertProduct(cost, rows: 3, columns: 8, depth: 64, groups: 1);
        Assert.AreEqual(TensorElementType.UInt4, cost.ElementType);
    }

    [TestMethod]
    public void Estimate_MatMulInteger_WritesWideResults()
    {
        var cost = Single(new SmallGraph().Input("x", UInt8, 2, 6).Constant(OnnxTensor.Create("w", new sbyte[24], 6, 4)).Node("y = MatMulInteger x w"));

        AssertCost(cost, OperatorFamily.MatrixProduct, flops: 2 * 2 * 4 * 6, weights: 24, read: 12, written: 8 * 4);
        Assert.AreEqual(Int8, cost.ElementType);
    }

    [TestMethod]
    public void Estimate_QLinearMatMul_TakesTheTypeOfTheResult()
    {
        var graph = new SmallGraph().Input("x", UInt8, 2, 6).Constant(OnnxTensor.Create("w", new sbyte[24], 6, 4))
            .Constant(OnnxTensor.Scalar("s", 0.5f)).Constant(OnnxTensor.Scalar("z", (byte)3)).Constant(OnnxTensor.Scalar("zw", (sbyte)0))
            .Node("y = QLinearMatMul x s z w s zw s z");

        AssertCost(Single(graph), OperatorFamily.MatrixProduct, flops: 96, weights: 24 + (3 * 4) + 3, read: 12, written: 8);
    }

    [TestMethod]
    public void Estimate_Einsum_MultipliesAllLetters()
    {
        // bhid,bhjd->bhij over 2, 4, 6, 5 and 3: 2 * 2*4*6*5*3.
        var cost = Single(new SmallGraph().Input("q", 2, 4, 6, 3).Input("k", 2, 4, 5, 3).Node("y = Einsum q k", OnnxAttribute.String("equation", "bhid,bhjd->bhij")));

        Assert.AreEqual(2 * 2 * 4 * 6 * 5 * 3, cost.Flops);
        AssertProduct(cost, rows: 6, columns: 5, depth: 3, groups: 8);
    }

    [TestMethod]
    public void Estimate_Conv_CountsTheWindowAtEachPlace()
    {
        // 8x8 with a 3x3 window, stride 2, padding 1: 4x4 places. 16 places, 6 channels, 27 elements: 2*16*6*27, and a bias for 96 results.
        var cost = Single(new SmallGraph().Input("x", 1, 3, 8, 8).Weights("w", 6, 3, 3, 3).Weights("b", 6)
            .Node("y = Conv x w b", OnnxAttribute.Ints("strides", 2, 2), OnnxAttribute.Ints("pads", 1, 1, 1, 1)));

        AssertCost(cost, OperatorFamily.Convolution, flops: 5184 + 96, weights: (162 + 6) * 4, read: 192 * 4, written: 96 * 4);
        AssertProduct(cost, rows: 16, columns: 6, depth: 27, groups: 1);
    }

    [TestMethod]
    public void Estimate_GroupedAndDepthwiseConv_SumOverTheirGroupOnly()
    {
        var grouped = Single(new SmallGraph().Input("x", 1, 4, 5, 5).Weights("w", 6, 2, 3, 3).Node("y = Conv x w", OnnxAttribute.Int("group", 2)));
        var depthwise = Single(new SmallGraph().Input("x", 1, 4, 5, 5).Weights("w", 4, 1, 3, 3).Node("y = Conv x w", OnnxAttribute.Int("group", 4)));

        Assert.AreEqual(2 * 9 * 6 * 18, grouped.Flops);
        AssertProduct(grouped, rows: 9, columns: 3, depth: 18, groups: 2);
        Assert.AreEqual(2 * 9 * 4 * 9, depthwise.Flops);
        AssertProduct(depthwise, rows: 9, columns: 1, depth: 9, groups: 4);
    }

    [TestMethod]
    public void Estimate_ConvTranspose_CountsTheWindowOfEachInputElement()
    {
        // 4 channels of 3x3 become 2 of 7x7: (3-1)*2 + 3. Each of 36 elements meets 2*9 weights.
        var cost = Single(new SmallGraph().Input("x", 1, 4, 3, 3).Weights("w", 4, 2, 3, 3).Node("y = ConvTranspose x w", OnnxAttribute.Ints("strides", 2, 2)));

        AssertCost(cost, OperatorFamily.Convolution, flops: 2 * 36 * 18, weights: 72 * 4, read: 36 * 4, written: 2 * 49 * 4);
    }

    [TestMethod]
    public void Estimate_QLinearConv_CountsAsConv()
    {
        var graph = new SmallGraph().Input("x", UInt8, 1, 3, 4, 4).Constant(OnnxTensor.Create("w", new sbyte[6 * 27], 6, 3, 3, 3))
            .Constant(OnnxTensor.Scalar("s", 0.5f)).Constant(OnnxTensor.Scalar("z", (byte)3)).Constant(OnnxTensor.Scalar("zw", (sbyte)0))
            .Node("y = QLinearConv x s z w s zw s z", OnnxAttribute.Ints("pads", 1, 1, 1, 1));

        AssertCost(Single(graph), OperatorFamily.Convolution, flops: 2 * 16 * 6 * 27, weights: 162 + (3 * 4) + 3, read: 48, written: 96);
    }

    [TestMethod]
    public void Estimate_GroupQueryAttention_CountsScoresOfTheWholeCache()
    {
        // 1 new token beside a cache of 7, total 8: 4 query heads, 2 key heads of 16. Scores 4*8, twice 16 elements each, softmax 5.
        var graph = new SmallGraph().Input("q", 1, 1, 64).Input("k", 1, 1, 32).Input("v", 1, 1, 32).Input("pk", 1, 2, 7, 16).Input("pv", 1, 2, 7, 16)
            .Input("n", TensorElementType.Int32, 1).Constant(OnnxTensor.Create("t", new[] { 8 }))
            .Node("y nk nv = ms.GroupQueryAttention q k v pk pv n t", OnnxAttribute.Int("num_heads", 4), OnnxAttribute.Int("kv_num_heads", 2));

        var cost = Single(graph, "y", "nk", "nv");

        AssertCost(cost, OperatorFamily.Attention, flops: (2 * 32 * 32) + (5 * 32), weights: 4, read: (64 + 32 + 32 + 224 + 224 + 1) * 4, written: (64 + 256 + 256) * 4);
        AssertProduct(cost, rows: 1, columns: 8, depth: 16, groups: 4);
    }

    [TestMethod]
    public void Estimate_AttentionThatProjects_CountsItsWeights()
    {
        // 5 tokens of 8 by 8x24, 2 heads of 4: 2*5*8*24 + bias 5*24; scores 2*25, 2*8 + 5 each.
        var cost = Single(new SmallGraph().Input("x", 1, 5, 8).Weights("w", 8, 24).Weights("b", 24).Node("y = ms.Attention x w b", OnnxAttribute.Int("num_heads", 2)));

        AssertCost(cost, OperatorFamily.Attention, flops: 1920 + 120 + (50 * 21), weights: (192 + 24) * 4, read: 40 * 4, written: 40 * 4);
    }

    [TestMethod]
    public void Estimate_StandardAndMultiHeadAttention_Agree()
    {
        // 2 sequences, 3 heads, 4 queries, 6 keys, 8 elements: 2*3*4*6 = 144 scores.
        var standard = Single(new SmallGraph(opset: 23).Input("q", 2, 3, 4, 8).Input("k", 2, 3, 6, 8).Input("v", 2, 3, 6, 8).Node("y = Attention q k v"));
        var multiHead = Single(new SmallGraph().Input("q", 2, 4, 24).Input("k", 2, 6, 24).Input("v", 2, 6, 24).Node("y = ms.MultiHeadAttention q k v", OnnxAttribute.Int("num_heads", 3)));

        Assert.AreEqual(144 * ((4 * 8) + 5), standard.Flops);
        Assert.AreEqual(standard.Flops, multiHead.Flops);
        Assert.AreEqual(192 * 4, standard.BytesWritten);
        Assert.AreEqual(192 * 4, multiHead.BytesWritten);
    }

    [TestMethod]
    public void Estimate_Lstm_CountsEachStep()
    {
        // 5 steps, 2 rows, 3 inputs, 4 hidden: 5 * 2 rows * 16 gates * (3+4) * 2, two biases, 9 more for each hidden element.
        var cost = Single(new SmallGraph().Input("x", 5, 2, 3).Weights("w", 1, 16, 3).Weights("r", 1, 16, 4).Weights("b", 1, 32)
            .Node("y h c = LSTM x w r b", OnnxAttribute.Int("hidden_size", 4)), "y");

        AssertCost(cost, OperatorFamily.Recurrent, flops: 2240 + (2 * 5 * 2 * 16) + (9 * 40), weights: (48 + 64 + 32) * 4, read: 30 * 4, written: 40 * 4);
        Assert.AreEqual(5, cost.Steps);
        AssertProduct(cost, rows: 2, columns: 16, depth: 7, groups: 1);
    }

    [TestMethod]
    public void Estimate_BidirectionalGru_CountsBothDirections()
    {
        var cost = Single(new SmallGraph().Input("x", 5, 2, 3).Weights("w", 2, 12, 3).Weights("r", 2, 12, 4)
            .Node("y = GRU x w r", OnnxAttribute.Int("hidden_size", 4), OnnxAttribute.String("direction", "bidirectional")));

        Assert.AreEqual((2 * 5 * 2 * 2 * 12 * 7) + (8 * 5 * 2 * 2 * 4), cost.Flops);
        Assert.AreEqual(5 * 2 * 2 * 4 * 4, cost.BytesWritten);
    }

    [TestMethod]
    [DataRow("y = Add x w", 24, 6 * 4)]
    [DataRow("y = Relu x", 24, 0)]
    [DataRow("y = Softmax x", 5 * 24, 0)]
    [DataRow("y = LayerNormalization x w", 7 * 24, 6 * 4)]
    [DataRow("y = Transpose x", 0, 0)]
    public void Estimate_ElementwiseNodes_CountEachElement(string node, double flops, double weights)
    {
        var cost = Single(new SmallGraph().Input("x", 4, 6).Weights("w", 6).Node(node));

        Assert.AreEqual(flops, cost.Flops);
        Assert.AreEqual(weights, cost.WeightBytes);
        Assert.AreEqual(24 * 4, cost.BytesRead);
        Assert.AreEqual(24 * 4, cost.BytesWritten);
    }

    [TestMethod]
    public void Estimate_BatchNormalization_ScalesAndShifts()
    {
        var cost = Single(new SmallGraph().Input("x", 1, 3, 4, 4).Weights("s", 3).Weights("b", 3).Weights("m", 3).Weights("v", 3).Node("y = BatchNormalization x s b m v"));

        AssertCost(cost, OperatorFamily.Normalization, flops: 2 * 48, weights: 48, read: 48 * 4, written: 48 * 4);
    }

    [TestMethod]
    public void Estimate_Pooling_CountsTheWindow()
    {
        var windowed = Single(new SmallGraph().Input("x", 1, 2, 6, 6).Node("y = MaxPool x", OnnxAttribute.Ints("kernel_shape", 3, 3), OnnxAttribute.Ints("strides", 3, 3)));
        var whole = Single(new SmallGraph().Input("x", 1, 2, 6, 6).Node("y = GlobalAveragePool x"));

        AssertCost(windowed, OperatorFamily.Reduction, flops: 2 * 4 * 9, weights: 0, read: 72 * 4, written: 8 * 4);
        AssertCost(whole, OperatorFamily.Reduction, flops: 72, weights: 0, read: 72 * 4, written: 2 * 4);
    }

    [TestMethod]
    public void Estimate_Gather_ReadsOnlyWhatItPicks()
    {
        // Three rows of an embedding of a thousand.
        var cost = Single(new SmallGraph().Input("i", TensorElementType.Int64, 3).Weights("table", 1000, 8).Node("y = Gather table i"));

        AssertCost(cost, OperatorFamily.Movement, flops: 0, weights: 24 * 4, read: 3 * 8, written: 24 * 4);
    }

    [TestMethod]
    public void Estimate_Resize_InterpolatesByFractionalScales()
    {
        // 4x6 by 1.5: 6x9, four neighbours with two operations each.
        var cost = Single(new SmallGraph().Input("x", 1, 1, 4, 6).Constant(OnnxTensor.Create("s", new[] { 1f, 1f, 1.5f, 1.5f }, 4)).Node("y = Resize x _ s", OnnxAttribute.String("mode", "linear")));

        Assert.AreEqual(54 * 8, cost.Flops);
        Assert.AreEqual(54 * 4, cost.BytesWritten);
    }

    [TestMethod]
    public void Estimate_Views_MoveNothing()
    {
        var cost = Single(new SmallGraph().Input("x", 4, 6).Numbers("s", 2, 12).Node("y = Reshape x s"));

        AssertCost(cost, OperatorFamily.Movement, flops: 0, weights: 0, read: 0, written: 0);
        Assert.IsTrue(cost.IsView);
    }

    [TestMethod]
    public void Estimate_NodesOfConstants_AreLeftOut()
    {
        // A weight made by nodes is one tensor of weights: 8 floats.
        var cost = Whole(new SmallGraph().Input("x", 2).Numbers("s", 2, 4).Node("w = ConstantOfShape s").Node("v = Relu w").Node("y = MatMul x v"));

        Assert.HasCount(1, cost.Nodes);
        Assert.AreEqual(32, cost.WeightBytes);
        Assert.IsTrue(cost.IsComplete);
    }

    [TestMethod]
    public void Estimate_ShapeArithmetic_IsFollowed()
    {
        // [batch, 4, 6] becomes [batch, 24] through its own shape.
        var graph = new SmallGraph().Input("x", "batch", 4, 6).Numbers("zero", 0).Numbers("rest", -1).Weights("w", 24, 5)
            .Node("s = Shape x").Node("n = Gather s zero").Node("t = Concat n rest", SmallGraph.Axis(0)).Node("f = Reshape x t").Node("y = MatMul f w");

        var cost = ModelCost.Estimate(graph.Build(), new Dictionary<string, nint[]> { ["x"] = [3, 4, 6] });

        Assert.IsTrue(cost.IsComplete, string.Join("; ", cost.Unknown));
        Assert.AreEqual(2 * 3 * 24 * 5, cost.Families.Single(family => family.Family == OperatorFamily.MatrixProduct).Flops);
        Assert.AreEqual(72 * 4, cost.InputBytes);
        Assert.AreEqual(15 * 4, cost.OutputBytes);
    }

    [TestMethod]
    public void Estimate_SymbolOfTwoInputs_IsLearntFromOne()
    {
        var graph = new SmallGraph().Input("a", "n", 2).Input("b", "n", 2).Node("y = Add a b");

        var known = ModelCost.Estimate(graph.Build(), new Dictionary<string, nint[]> { ["b"] = [5, 2] });
        var fixedSymbol = ModelCost.Estimate(graph.Build(), freeDimensionOverrides: new Dictionary<string, long> { ["n"] = 5 });

        Assert.AreEqual(10, known.Flops);
        Assert.AreEqual(10, fixedSymbol.Flops);
    }

    [TestMethod]
    public void Estimate_UnknownLength_IsReported()
    {
        var cost = ModelCost.Estimate(new SmallGraph().Input("x", "n", 2).Node("y = Relu x").Build());

        Assert.IsFalse(cost.IsComplete);
        StringAssert.Contains(cost.Unknown.Single(), "Relu 'y' has lengths that are not known");
        Assert.AreEqual(0, cost.Flops);
    }

    [TestMethod]
    public void Estimate_UnknownOperator_IsReportedAndTheRestCounted()
    {
        var cost = Whole(new SmallGraph().Input("x", 4).Node("u = ms.Mystery x").Node("y = Relu x"));

        StringAssert.Contains(cost.Unknown.Single(), "com.microsoft.Mystery 'u' is an operator whose work is not known");
        Assert.AreEqual(4, cost.Flops);
    }

    [TestMethod]
    public void Estimate_ActivationBehindAProduct_FollowsIt()
    {
        var alone = Whole(new SmallGraph().Input("x", 2, 3).Weights("w", 3, 4).Weights("b", 4).Node("m = MatMul x w").Node("a = Add m b").Node("y = Relu a"));
        var shared = Whole(new SmallGraph().Input("x", 2, 3).Weights("w", 3, 3).Node("m = MatMul x w").Node("r = Relu m").Node("y = Add m r"));

        CollectionAssert.AreEqual(new[] { false, true, true }, alone.Nodes.Select(node => node.FollowsProduct).ToArray());
        CollectionAssert.AreEqual(new[] { false, false, false }, shared.Nodes.Select(node => node.FollowsProduct).ToArray());
    }

    [TestMethod]
    public void Estimate_DequantizedWeights_CountAsTheyAreStored()
    {
        var graph = new SmallGraph().Input("x", 2, 6).Constant(OnnxTensor.Create("q", new sbyte[24], 6, 4)).Constant(OnnxTensor.Scalar("s", 0.5f))
            .Node("w = DequantizeLinear q s").Node("y = MatMul x w");

        var cost = Single(graph);

        Assert.AreEqual(Int8, cost.ElementType);
        Assert.AreEqual(24, cost.WeightBytes);
    }

    [TestMethod]
    public void Estimate_If_CountsTheLargerBranchAndSaysSo()
    {
        // Branches of 1 and of 2 nodes on 4 elements; whichever it is.
        OnnxModel Build(OnnxTensor? condition) => new(
            new OnnxGraph(
                "if",
                [new OnnxNode("If", ["c"], ["y"], OnnxAttribute.Graph("then_branch", Body("Relu")), OnnxAttribute.Graph("else_branch", Body("Neg", "Abs"))) { Name = "if" }],
                condition is null ? [OnnxValueInfo.Tensor("x", TensorElementType.Float32, 4), OnnxValueInfo.Tensor("c", TensorElementType.Boolean)] : [OnnxValueInfo.Tensor("x", TensorElementType.Float32, 4)],
                [new OnnxValueInfo("y", null)],
                condition is null ? [] : [condition]),
            21);

        var open = ModelCost.Estimate(Build(condition: null));
        var known = ModelCost.Estimate(Build(OnnxTensor.Scalar("c", true)));

        Assert.AreEqual(8, open.Flops);
        StringAssert.Contains(open.Notes.Single(), "If 'if' is counted by its else branch");
        Assert.AreEqual(4, known.Flops);
        Assert.IsEmpty(known.Notes);
        Assert.AreEqual(16, open.OutputBytes);
    }

    [TestMethod]
    public void Estimate_Loop_CountsOnePassAndSaysSo()
    {
        var cost = ModelCost.Estimate(TestModels.Loop(), freeDimensionOverrides: new Dictionary<string, long> { ["n"] = 3 });

        Assert.IsTrue(cost.Notes.Any(note => note.EndsWith("is counted as one pass", StringComparison.Ordinal)), string.Join("; ", cost.Notes));
    }

    [TestMethod]
    public void Estimate_Function_CountsItsBody()
    {
        var cost = ModelCost.Estimate(TestModels.Function(), freeDimensionOverrides: new Dictionary<string, long> { ["n"] = 3 });

        Assert.IsTrue(cost.IsComplete, string.Join("; ", cost.Unknown));
        Assert.IsGreaterThan(0, cost.Flops);
    }

    [TestMethod]
    public void Estimate_WrongInputs_AreRefused()
    {
        var model = new SmallGraph().Input("x", "n", 2).Node("y = Relu x").Build();

        Assert.Throws<ArgumentException>(() => ModelCost.Estimate(model, new Dictionary<string, nint[]> { ["z"] = [1] }));
        Assert.Throws<ArgumentException>(() => ModelCost.Estimate(model, new Dictionary<string, nint[]> { ["x"] = [1] }));
    }

    private static OnnxGraph Body(params string[] operators)
    {
        var nodes = operators.Select((name, index) => new OnnxNode(name, [index == 0 ? "x" : $"v{index - 1}"], [$"v{index}"]));
        return new OnnxGraph(string.Join(' ', operators), [.. nodes], [], [new OnnxValueInfo($"v{operators.Length - 1}", null)]);
    }

    private static ModelCost Whole(SmallGraph graph, params string[] outputs) => ModelCost.Estimate(graph.Build(outputs));

    private static NodeCost Single(SmallGraph graph, params string[] outputs)
    {
        var cost = Whole(graph, outputs);
        Assert.IsTrue(cost.IsComplete, string.Join("; ", cost.Unknown));
        return cost.Nodes.Single();
    }

    private static void AssertCost(NodeCost cost, OperatorFamily family, double flops, double weights, double read, double written)
    {
        Assert.AreEqual(family, cost.Family);
        Assert.AreEqual(flops, cost.Flops, "flops");
        Assert.AreEqual(weights, cost.WeightBytes, "bytes of weights");
        Assert.AreEqual(read, cost.BytesRead, "bytes read");
        Assert.AreEqual(written, cost.BytesWritten, "bytes written");
    }

    private static void AssertProduct(NodeCost cost, double rows, double columns, double depth, double groups)
    {
        Assert.AreEqual(rows, cost.Rows, "rows");
        Assert.AreEqual(columns, cost.Columns, "columns");
        Assert.AreEqual(depth, cost.Depth, "depth");
        Assert.AreEqual(groups, cost.Groups, "groups");
    }
}
