using EdgeAI.Samples.Tests.TrainDigits.Layers;
using EdgeAI.TrainDigits;

namespace EdgeAI.Samples.Tests.TrainDigits;

[TestClass]
public class FixedOrderTests
{
    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(7)]
    [DataRow(8)]
    [DataRow(31)]
    [DataRow(32)]
    [DataRow(75)]
    [DataRow(840)]
    public void Dot_AnyLength_IsTheSumOfProducts(int length)
    {
        var random = new Random(length);
        var x = GradientCheck.Draw(random, length);
        var y = GradientCheck.Draw(random, length);

        Assert.AreEqual(x.Zip(y, (a, b) => (double)a * b).Sum(), FixedOrder.Dot(x, y), 1e-4);
    }

    [TestMethod]
    public void Dot_LengthsDiffer_Throws() => Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => FixedOrder.Dot(new float[3], new float[4]));
}
