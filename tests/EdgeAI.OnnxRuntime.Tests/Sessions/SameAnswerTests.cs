namespace EdgeAI.OnnxRuntime.Tests.Sessions;

[TestClass]
public sealed class SameAnswerTests
{
    [TestMethod]
    [DataRow(new[] { 1f, 1000f }, new[] { 1.9f, 1000f }, true)]
    [DataRow(new[] { 1f, 1000f }, new[] { 3f, 1000f }, false)]
    [DataRow(new[] { float.NaN, 1f }, new[] { float.NaN, 1f }, true)]
    [DataRow(new[] { float.NaN, 1f }, new[] { 0f, 1f }, false)]
    [DataRow(new[] { 0f, 1f }, new[] { float.NaN, 1f }, false)]
    [DataRow(new[] { float.PositiveInfinity, 1f }, new[] { float.PositiveInfinity, 1f }, true)]
    [DataRow(new[] { float.PositiveInfinity, 1f }, new[] { 1f, 1f }, false)]
    [DataRow(new[] { 0f, 0f }, new[] { 0f, 1e-6f }, false)]
    [DataRow(new float[0], new float[0], true)]
    public void Is_Float32_AllowsAThousandthOfTheLargest(float[] expected, float[] actual, bool same)
    {
        using TensorValue a = TensorValue.Create(expected, expected.Length), b = TensorValue.Create(actual, actual.Length);

        Assert.AreEqual(same, SameAnswer.Is(a, b));
    }

    [TestMethod]
    public void Is_Integers_MustBeEqual()
    {
        using TensorValue a = TensorValue.Create(new long[] { 1000, 2 }, 2), b = TensorValue.Create(new long[] { 1000, 3 }, 2), c = TensorValue.Create(new long[] { 1000, 2 }, 2);

        Assert.IsFalse(SameAnswer.Is(a, b));
        Assert.IsTrue(SameAnswer.Is(a, c));
    }

    [TestMethod]
    public void Is_OtherShapeOrType_IsNot()
    {
        using TensorValue a = TensorValue.Create(new float[2], 2), b = TensorValue.Create(new float[2], 2, 1), c = TensorValue.Create(new int[2], 2);

        Assert.IsFalse(SameAnswer.Is(a, b));
        Assert.IsFalse(SameAnswer.Is(a, c));
    }
}
