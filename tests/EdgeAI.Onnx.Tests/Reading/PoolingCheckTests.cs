namespace EdgeAI.Onnx.Tests;

[TestClass]
public sealed class PoolingCheckTests
{
    [TestMethod]
    public void Parse_WindowDoesNotFitBehindAConvolution_IsRefused() =>
        BadModelTests.AssertRefused(Network(height: 6, stride: 4), "node MaxPool 'pool' slides a window of 3 over an axis of length 1, which leaves nothing");

    [TestMethod]
    [DataRow(9)]
    [DataRow(-1)]
    public void Parse_WindowFitsOrLengthIsUnknown_IsAccepted(int height)
    {
        using var model = OnnxReader.Parse(OnnxWriter.ToBytes(Network(height, stride: 2)));
        Assert.HasCount(3, model.Graph.Nodes);
    }

    [TestMethod]
    public void FindShapeProblem_DynamicLengths_JudgesThoseOfTheRequest()
    {
        using var descriptor = OnnxModelDescriptor.Open(ModelSource.FromBytes(OnnxWriter.ToBytes(Network(height: -1, stride: 2)), "network"));
        Assert.IsNull(descriptor.FindShapeProblem(new Dictionary<string, nint[]> { ["x"] = [1, 2, 9, 9] }));
        StringAssert.Contains(descriptor.FindShapeProblem(new Dictionary<string, nint[]> { ["x"] = [1, 2, 3, 9] }), "MaxPool 'pool'");
    }

    /// <summary>What our arithmetic says must be what ONNX Runtime's output shape is.</summary>
    [TestMethod]
    [DataRow(7, 3, 2, 1, 0, false, "NOTSET")]
    [DataRow(7, 3, 2, 1, 1, true, "NOTSET")]
    [DataRow(8, 2, 3, 2, 0, true, "NOTSET")]
    [DataRow(8, 3, 2, 1, 0, false, "SAME_UPPER")]
    [DataRow(9, 4, 3, 1, 0, false, "VALID")]
    public void OutputLength_MaxPool_EqualsTheNativeRuntimes(int length, int kernel, int stride, int dilation, int pad, bool ceil, string autoPad)
    {
        OnnxAttribute[] attributes = [OnnxAttribute.Ints("kernel_shape", kernel), OnnxAttribute.Ints("strides", stride), OnnxAttribute.Ints("dilations", dilation), OnnxAttribute.Int("ceil_mode", ceil ? 1 : 0), OnnxAttribute.String("auto_pad", autoPad)];
        if (autoPad == "NOTSET") attributes = [.. attributes, OnnxAttribute.Ints("pads", pad, pad)];
        var node = new OnnxNode("MaxPool", ["x"], ["y"], attributes);
        var native = NativeRuntime.Run(OnnxWriter.ToBytes(TestModels.Model(new OnnxGraph("g", [node], [TestModels.Tensor("x", 1, 1, length)], [TestModels.Tensor("y", 1, 1, "n")]))))["y"];
        StringAssert.StartsWith(native, $"Float[1,1,{new WindowShape(node).OutputLength(0, 1, length, kernel)}]");
    }

    private static OnnxModel Network(int height, int stride) => TestModels.Model(new OnnxGraph("network",
        [
            new OnnxNode("Conv", ["x", "w"], ["c"], OnnxAttribute.Ints("strides", stride, 1)),
            new OnnxNode("Relu", ["c"], ["r"]),
            new OnnxNode("MaxPool", ["r"], ["y"], OnnxAttribute.Ints("kernel_shape", 3, 1)) { Name = "pool" },
        ],
        [TestModels.Tensor("x", "n", 2, height, "w")],
        [TestModels.Tensor("y", "n", 16, "h", "v")],
        OnnxTensor.Create("w", TestModels.Ramp(16 * 2 * 9), 16, 2, 3, 3)));
}
