namespace EdgeAI.Onnx.Tests;

[TestClass]
public sealed class OnnxAttributeTests
{
    [TestMethod]
    public void As_WhatWasGiven_ReturnsIt()
    {
        Assert.AreEqual(1.5f, OnnxAttribute.Float("a", 1.5f).AsFloat());
        Assert.AreEqual(-7L, OnnxAttribute.Int("a", -7).AsInt());
        Assert.AreEqual("mod", OnnxAttribute.String("a", "mod").AsString());
        CollectionAssert.AreEqual(new long[] { 1, 2 }, OnnxAttribute.Ints("a", 1, 2).AsInts());
        CollectionAssert.AreEqual(new[] { "b", "ü" }, OnnxAttribute.Strings("a", "b", "ü").AsStrings());
    }

    [TestMethod]
    public void As_SomethingElse_SaysWhatItHolds()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => OnnxAttribute.Int("axis", 1).AsFloat());
        Assert.AreEqual("Attribute 'axis' holds Int, not Float.", error.Message);
        Assert.ThrowsExactly<InvalidOperationException>(() => OnnxAttribute.Reference("axis", OnnxAttributeType.Int, "outer").AsInt());
    }

    [TestMethod]
    public void Parse_EveryKind_SurvivesWritingAndReading()
    {
        var tensor = OnnxTensor.Create("t", [1f], 1);
        var sparse = new OnnxSparseTensor(OnnxTensor.Create("s", [1f], 1), OnnxTensor.Create("", [2L], 1), 4);
        var graph = new OnnxGraph("sub", [new OnnxNode("Neg", ["x"], ["r"])], [], [TestModels.Tensor("r", "n")]);
        var type = new OnnxMapType(TensorElementType.String, new OnnxOptionalType(new OnnxSparseTensorType(TensorElementType.Float16, ["n", 3]))) { Denotation = "meaning" };
        var opaque = new OnnxOpaqueType("domain", "Name");
        OnnxAttribute[] attributes =
        [
            OnnxAttribute.Float("float", float.NaN), OnnxAttribute.Int("int", long.MinValue), OnnxAttribute.Bytes("bytes", new byte[] { 0xFF, 0x00 }), OnnxAttribute.Tensor("tensor", tensor),
            OnnxAttribute.SparseTensor("sparse", sparse), OnnxAttribute.Graph("graph", graph), OnnxAttribute.TypeOf("type", type), OnnxAttribute.Floats("floats", 1, float.NegativeInfinity),
            OnnxAttribute.Ints("ints", -1, long.MaxValue), OnnxAttribute.Strings("strings", "", "b"), OnnxAttribute.TensorList("tensors", tensor, tensor), OnnxAttribute.GraphList("graphs", graph, graph),
            new("sparse tensors", OnnxAttributeType.SparseTensors, System.Collections.Immutable.ImmutableArray.Create(sparse)), new("types", OnnxAttributeType.Types, System.Collections.Immutable.ImmutableArray.Create<OnnxType>(opaque, type)),
            OnnxAttribute.Ints("no ints"), OnnxAttribute.Int("zero", 0),
        ];
        var bytes = OnnxWriter.ToBytes(BadModelTests.Graph([new OnnxNode("Custom", ["x"], ["y"], attributes) { Domain = "our.operators" }]));
        using var model = OnnxReader.Parse(bytes);
        var read = model.Graph.Nodes[0];
        Assert.IsTrue(float.IsNaN(read.FindAttribute("float")!.AsFloat()));
        Assert.AreEqual(type, read.FindAttribute("type")!.AsType());
        Assert.AreEqual(opaque, read.FindAttribute("types")!.AsTypes()[0]);
        CollectionAssert.AreEqual(new byte[] { 0xFF, 0x00 }, read.FindAttribute("bytes")!.AsBytes().ToArray());
        Assert.AreEqual(4, read.FindAttribute("sparse")!.AsSparseTensor().Lengths[0]);
        Assert.HasCount(3, read.Subgraphs);
        Assert.IsEmpty(read.FindAttribute("no ints")!.AsInts());
        Assert.IsNull(read.FindAttribute("none"));
        CollectionAssert.AreEqual(bytes, OnnxWriter.ToBytes(model));
    }
}
