using CsCheck;

namespace EdgeAI.Onnx.Tests;

[TestClass]
public sealed class OnnxTensorTests
{
    [TestMethod]
    public void Create_AnyFloats_SurviveWritingAndReading() => Gen.Float.Array[0, 200].Sample(values =>
    {
        using var model = OnnxReader.Parse(OnnxWriter.ToBytes(BadModelTests.Graph([new OnnxNode("Neg", ["x"], ["y"])], OnnxTensor.Create("w", values, values.Length))));
        return model.Graph.Initializers[0].ToArray<float>().AsSpan().SequenceEqual(values) || values.Any(float.IsNaN);
    });

    [TestMethod]
    public void Create_ScalarAndEmpty_HaveTheirElementCounts()
    {
        Assert.AreEqual(1, OnnxTensor.Scalar("s", 5L).ElementCount);
        Assert.AreEqual(0, OnnxTensor.Create("e", ReadOnlySpan<int>.Empty, 3, 0).ElementCount);
        Assert.AreEqual("s int64[]", OnnxTensor.Scalar("s", 5L).ToString());
    }

    [TestMethod]
    public void Create_LengthsDoNotFit_Throws()
    {
        Assert.ThrowsExactly<ArgumentException>(() => OnnxTensor.Create("w", [1f, 2f], 3));
        Assert.ThrowsExactly<ArgumentException>(() => OnnxTensor.CreateStrings("w", ["a"], 2));
        Assert.ThrowsExactly<ArgumentException>(() => OnnxTensor.Create("w", TensorElementType.Int4, OnnxTensorData.FromMemory(new byte[2]), 5));
    }

    [TestMethod]
    public void Create_TypeWithoutCounterpart_Throws() => Assert.ThrowsExactly<ArgumentException>(() => OnnxTensor.Create("w", [new Guid()], 1));

    [TestMethod]
    public void ToArray_OtherType_Throws()
    {
        var tensor = OnnxTensor.Create("w", [1f, 2f], 2);
        Assert.ThrowsExactly<InvalidOperationException>(() => tensor.ToArray<int>());
        Assert.ThrowsExactly<InvalidOperationException>(() => tensor.GetStrings());
        Assert.ThrowsExactly<InvalidOperationException>(() => OnnxTensor.CreateStrings("s", ["a"], 1).Data);
    }

    [TestMethod]
    public void WithName_SharesTheData()
    {
        var tensor = OnnxTensor.Create("w", [1f, 2f], 2);
        Assert.AreSame(tensor.Data, tensor.WithName("v").Data);
        Assert.AreEqual("v float32[2]", tensor.WithName("v").ToString());
    }
}
