namespace EdgeAI.Evaluation;

[TestClass]
public sealed class RateCurveTests
{
    private static readonly RateCurve _curve = new([(100, 1000), (1, 10)]);

    [TestMethod]
    [DataRow(0.5, 10)]
    [DataRow(1, 10)]
    [DataRow(10, 100)]
    [DataRow(100, 1000)]
    [DataRow(5000, 1000)]
    public void At_AnySize_LiesOnTheLineAndStaysBeyondIt(double size, double expected) => Assert.AreEqual(expected, _curve.At(size), 1e-9 * expected);

    [TestMethod]
    public void At_NothingMeasured_IsZero()
    {
        var empty = new RateCurve([(0, 5), (5, 0)]);

        Assert.IsTrue(empty.IsEmpty);
        Assert.AreEqual(0, empty.At(1));
    }
}
