namespace EdgeAI.Onnx.Tests;

[TestClass]
public sealed class AttributeLimitsTests
{
    [TestMethod]
    [DataRow("Conv", "group", 0)]
    [DataRow("ConvTranspose", "group", -1)]
    [DataRow("DepthToSpace", "blocksize", 1L << 32)]
    [DataRow("GatherND", "batch_dims", -2)]
    [DataRow("Scan", "num_scan_inputs", int.MaxValue)]
    [DataRow("Split", "num_outputs", 3)]
    [DataRow("Attention", "kv_num_heads", 0)]
    public void Parse_IntegerOutOfRange_NamesNodeAndRange(string opType, string attribute, long value) => BadModelTests.AssertRefused(
        BadModelTests.Graph([new OnnxNode(opType, ["x"], ["y"], OnnxAttribute.Int(attribute, value)) { Name = "bad" }]), $"node {opType} 'bad' has {attribute} = {value}; expected");

    [TestMethod]
    [DataRow(0L, 3L)]
    [DataRow(1L << 20, 1L << 20)]
    public void Parse_KernelShapeOutOfRange_IsRefused(long first, long second) => BadModelTests.AssertRefused(
        BadModelTests.Graph([new OnnxNode("AveragePool", ["x"], ["y"], OnnxAttribute.Ints("kernel_shape", first, second))]), "kernel_shape");

    [TestMethod]
    [DataRow(0f)]
    [DataRow(-1f)]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    public void Parse_ScaleOfRandomNormalOutOfRange_IsRefused(float scale) => BadModelTests.AssertRefused(
        BadModelTests.Graph([new OnnxNode("RandomNormalLike", ["x"], ["y"], OnnxAttribute.Float("scale", scale))]), "scale");

    [TestMethod]
    public void Parse_RandomUniformUpsideDown_IsRefused() => BadModelTests.AssertRefused(
        BadModelTests.Graph([new OnnxNode("RandomUniformLike", ["x"], ["y"], OnnxAttribute.Float("low", 2))]), "low = 2");

    [TestMethod]
    public void Parse_SameNameInAnotherDomain_IsNotJudged()
    {
        using var model = OnnxReader.Parse(OnnxWriter.ToBytes(BadModelTests.Graph([new OnnxNode("Conv", ["x"], ["y"], OnnxAttribute.Int("group", 0)) { Domain = "our.operators" }])));
        Assert.AreEqual(0, model.Graph.Nodes[0].FindAttribute("group")!.AsInt());
    }
}
