namespace EdgeAI.Testing.Tests.Timing;

[TestClass]
public sealed class LatencyCurveTests
{
    [TestMethod]
    [DataRow(0, 2.0)]
    [DataRow(1, 2.5)]
    [DataRow(8, 6.0)]
    [DataRow(1000, 502.0)]
    public void At_Linear_IsOverheadPlusItems(int batchSize, double milliseconds)
    {
        var curve = LatencyCurve.Linear(TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(0.5));
        Assert.AreEqual(TimeSpan.FromMilliseconds(milliseconds), curve.At(batchSize));
    }

    [TestMethod]
    [DataRow(1, 10.0, DisplayName = "below the first point")]
    [DataRow(2, 10.0, DisplayName = "first point")]
    [DataRow(3, 12.0, DisplayName = "between")]
    [DataRow(4, 14.0, DisplayName = "middle point")]
    [DataRow(6, 12.0, DisplayName = "falling")]
    [DataRow(8, 10.0, DisplayName = "last point")]
    [DataRow(12, 6.0, DisplayName = "past the last point")]
    [DataRow(100, 0.0, DisplayName = "never below zero")]
    public void At_Points_InterpolatesLinearly(int batchSize, double milliseconds)
    {
        var curve = LatencyCurve.FromPoints(
            (2, TimeSpan.FromMilliseconds(10)), (4, TimeSpan.FromMilliseconds(14)), (8, TimeSpan.FromMilliseconds(10)));
        Assert.AreEqual(TimeSpan.FromMilliseconds(milliseconds), curve.At(batchSize));
    }

    [TestMethod]
    public void FromPoints_BadPoints_Throws()
    {
        Assert.ThrowsExactly<ArgumentException>(() => LatencyCurve.FromPoints());
        Assert.ThrowsExactly<ArgumentException>(() => LatencyCurve.FromPoints((2, TimeSpan.Zero), (2, TimeSpan.Zero)));
        Assert.ThrowsExactly<ArgumentException>(() => LatencyCurve.FromPoints((-1, TimeSpan.Zero)));
        Assert.ThrowsExactly<ArgumentException>(() => LatencyCurve.FromPoints((1, TimeSpan.FromTicks(-1))));
    }
}
