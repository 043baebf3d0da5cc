using EdgeAI.Onnx;

namespace EdgeAI.Evaluation;

/// <summary>Predictions against what one gets with pencil and paper from a profile of round figures.</summary>
[TestClass]
public sealed class RooflinePredictionTests
{
    private static readonly DeviceInfo _device = new("cpu:0", "cpu", DeviceKind.Cpu, "CPU");

    // 1e11 flops a second at 100 rows and more, a tenth at 1; caches give 1e10 bytes a second up to 1 MiB, memory 1e9.
    private static readonly DeviceProfile _profile = new()
    {
        MeasuredAt = DateTimeOffset.UnixEpoch,
        Versions = "",
        ReadBandwidth = 1e9,
        ReadRates = [new ReadRate(1 << 20, 1e10)],
        Gemm = [new GemmRate(TensorElementType.Float32, 1, 1e10), new GemmRate(TensorElementType.Float32, 100, 1e11)],
        Operators = [new OperatorRate("add", 512, 1e9, 2e10)],
        RunOverhead = TimeSpan.FromMicroseconds(10),
        NodeOverhead = TimeSpan.FromMicroseconds(1),
    };

    [TestMethod]
    public void Predict_ManyRows_ArithmeticDecides()
    {
        // 1000 rows by 100 x 100: 2e7 flops at 1e11, 200 us; its 40 KB of weights take 4 us.
        var prediction = RooflinePrediction.Predict(Product(rows: 1000, width: 100), _profile, _device);

        AssertMicroseconds(10 + 1 + 200, prediction.Expected);
        StringAssert.Contains(prediction.Reason, "arithmetic");
        Assert.IsEmpty(prediction.Notes);
    }

    [TestMethod]
    public void Predict_OneRowOfLargeWeights_MemoryDecides()
    {
        // 16000 x 16000 floats, 1.024e9 bytes, are more than any cache: 1.024 s at 1e9; 5.12e8 flops take 0.0512 s.
        var prediction = RooflinePrediction.Predict(Product(rows: 1, width: 16000), _profile, _device);

        AssertMicroseconds(10 + 1 + 1_024_000, prediction.Expected);
        StringAssert.Contains(prediction.Reason, "memory");
    }

    [TestMethod]
    public void Predict_SmallWeights_AreReadFromCaches()
    {
        // 500 x 500 floats, 1e6 bytes: 100 us from caches, where memory would take 1000; arithmetic 50.
        AssertMicroseconds(10 + 1 + 100, RooflinePrediction.Predict(Product(rows: 1, width: 500), _profile, _device).Expected);
    }

    [TestMethod]
    public void Predict_RowsBetween_FollowTheCurve()
    {
        // 10 rows lie in the middle between 1 and 100: 10^10.5 flops a second.
        AssertMicroseconds(10 + 1 + (2e6 / Math.Pow(10, 10.5) * 1e6), RooflinePrediction.Predict(Product(rows: 10, width: 316.2277), _profile, _device).Expected, tolerance: 1);
    }

    [TestMethod]
    public void Predict_NodesBehindAProduct_CostNothingAlone()
    {
        var alone = RooflinePrediction.Predict(Product(rows: 1000, width: 100), _profile, _device);
        var followed = RooflinePrediction.Predict(Product(rows: 1000, width: 100, new OnnxNode("Relu", ["m"], ["a"]), new OnnxNode("Relu", ["a"], ["b"]), new OnnxNode("Relu", ["b"], ["y"])), _profile, _device);

        Assert.AreEqual(alone.Expected, followed.Expected);
        Assert.IsGreaterThan(alone.Upper!.Value, followed.Upper!.Value);
    }

    [TestMethod]
    public void Predict_ElementwiseNode_MovesItsBytes()
    {
        // 1e5 floats in, 1e5 out: 8e5 bytes at 2e10, 40 us.
        var cost = Cost(new OnnxGraph("add", [new OnnxNode("Relu", ["x"], ["y"])], [Floats("x", 100_000)], [new OnnxValueInfo("y", null)]));

        AssertMicroseconds(10 + 1 + 40, RooflinePrediction.Predict(cost, _profile, _device).Expected);
    }

    [TestMethod]
    public void Predict_DeviceWithMemoryOfItsOwn_AddsTheCopies()
    {
        // 8e5 bytes in and out at 1e9, and twice 5 us.
        var profile = _profile with { TransferBandwidth = 1e9, TransferOverhead = TimeSpan.FromMicroseconds(5) };
        var cost = Product(rows: 1000, width: 100);

        AssertMicroseconds(10 + 1 + 200 + 800 + 10, RooflinePrediction.Predict(cost, profile, _device).Expected);
        AssertMicroseconds(10 + 1 + 200, RooflinePrediction.Predict(cost, profile, _device with { HasUnifiedMemory = true }).Expected);
    }

    [TestMethod]
    public void Predict_LittleToFuseOrHide_MarginsAreTheUsualError()
    {
        var prediction = RooflinePrediction.Predict(Product(rows: 1000, width: 100), _profile, _device);

        AssertMicroseconds((10 + 1 + 200) / RooflinePrediction.Spread, prediction.Lower);
        AssertMicroseconds((10 + 1 + 200) * RooflinePrediction.Spread, prediction.Upper);
    }

    [TestMethod]
    public void Predict_MuchThatMayBeFused_MarginsAreThoseOfFusing()
    {
        // Ten sums of 1e5 floats, 40 us each, before a product of 200 us: all of them may be fused. Behind it five more, which a runtime may fail to fuse.
        var before = Enumerable.Range(0, 10).Select(i => new OnnxNode("Relu", [i == 0 ? "x" : $"a{i - 1}"], [$"a{i}"]));
        var weights = OnnxTensor.Create("w", TensorElementType.Float32, OnnxTensorData.FromWriter(4L * 100 * 100, _ => throw new InvalidOperationException("weights are not read")), 100, 100);
        var behind = Enumerable.Range(0, 5).Select(i => new OnnxNode("Relu", [i == 0 ? "m" : $"b{i - 1}"], [$"b{i}"]));
        var cost = Cost(new OnnxGraph("fused", [.. before, new OnnxNode("MatMul", ["a9", "w"], ["m"]), .. behind], [Floats("x", 1000, 100)], [new OnnxValueInfo("b4", null)], weights));

        var prediction = RooflinePrediction.Predict(cost, _profile, _device);

        AssertMicroseconds(10 + 11 + 200 + (10 * 40), prediction.Expected);
        AssertMicroseconds(0.9 * (10 + 200), prediction.Lower);
        AssertMicroseconds(Math.Max(1.1 * (10 + 16 + 204 + (15 * 40)), (10 + 11 + 200 + (10 * 40)) * RooflinePrediction.Spread), prediction.Upper);
    }

    [TestMethod]
    public void Predict_UnknownOperator_HasNoUpperMarginAndSaysWhy()
    {
        var cost = Cost(new OnnxGraph("x", [new OnnxNode("Mystery", ["x"], ["y"]) { Domain = "my.ops" }], [Floats("x", 10)], [new OnnxValueInfo("y", null)]));

        var prediction = RooflinePrediction.Predict(cost, _profile, _device);

        Assert.IsNull(prediction.Upper);
        StringAssert.Contains(prediction.Notes.Single(), "Mystery");
    }

    [TestMethod]
    public void Predict_TypeThatWasNotMeasured_IsNoted()
    {
        var cost = Cost(new OnnxGraph("half", [new OnnxNode("MatMulInteger", ["x", "w"], ["y"])], [OnnxValueInfo.Tensor("x", TensorElementType.UInt8, 2, 4)], [new OnnxValueInfo("y", null)], OnnxTensor.Create("w", new sbyte[16], 4, 4)));

        StringAssert.Contains(RooflinePrediction.Predict(cost, _profile, _device).Notes.Single(), "int8");
    }

    [TestMethod]
    public void Predict_NotMeasured_SaysSo()
    {
        using var model = OnnxModelDescriptor.Open(ModelSource.FromBytes(OnnxWriter.ToBytes(ProbeGraphs.Chain(2)), "chain"));
        var predictor = new LatencyPredictor();

        Assert.AreEqual("the device has not been measured", predictor.Predict(model, null, new DeviceSnapshot(_device, null, default)).Reason);
        var empty = predictor.Predict(model, null, new DeviceSnapshot(_device, new DeviceProfile { MeasuredAt = default, Versions = "" }, default));
        Assert.IsNull(empty.Expected);
        Assert.IsNotNull(predictor.Predict(model, new Dictionary<string, nint[]> { ["x"] = [1, 256] }, new DeviceSnapshot(_device, _profile, default)).Expected);
    }

    private static void AssertMicroseconds(double expected, TimeSpan? actual, double tolerance = 0.2) => Assert.AreEqual(expected, actual!.Value.TotalMicroseconds, tolerance);

    private static OnnxValueInfo Floats(string name, params ReadOnlySpan<OnnxDimension> shape) => OnnxValueInfo.Tensor(name, TensorElementType.Float32, shape);

    private static ModelCost Product(int rows, double width, params OnnxNode[] behind)
    {
        var side = (int)width;
        var weights = OnnxTensor.Create("w", TensorElementType.Float32, OnnxTensorData.FromWriter(4L * side * side, _ => throw new InvalidOperationException("weights are not read")), side, side);
        return Cost(new OnnxGraph("product", [new OnnxNode("MatMul", ["x", "w"], ["m"]), .. behind], [Floats("x", rows, side)], [new OnnxValueInfo(behind.Length > 0 ? "y" : "m", null)], weights));
    }

    private static ModelCost Cost(OnnxGraph graph) => ModelCost.Estimate(new OnnxModel(graph, 21));
}
