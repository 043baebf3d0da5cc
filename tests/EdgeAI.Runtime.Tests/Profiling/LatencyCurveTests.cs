using CsCheck;

namespace EdgeAI.Profiling;

[TestClass]
public sealed class LatencyCurveTests
{
    [TestMethod]
    public void Create_NoPoint_Throws() => Assert.ThrowsExactly<ArgumentException>(() => LatencyCurve.Create([]));

    [TestMethod]
    public void Create_SizeTwice_Throws() => Assert.ThrowsExactly<ArgumentException>(() => Curve((2, 10), (2, 11)));

    [TestMethod]
    [DataRow(0, 1.0)]
    [DataRow(1, 0.0)]
    [DataRow(1, -1.0)]
    [DataRow(1, double.NaN)]
    [DataRow(1, double.PositiveInfinity)]
    public void Create_ImpossiblePoint_Throws(int rows, double ticks) => Assert.ThrowsExactly<ArgumentException>(() => Curve((rows, ticks)));

    [TestMethod]
    public void Points_GivenUnsorted_Ascend() => CollectionAssert.AreEqual(new[] { 1, 4, 16 }, Curve((16, 3), (1, 1), (4, 2)).Points.Select(point => point.Rows).ToArray());

    [TestMethod]
    [DataRow(1, 100)]
    [DataRow(2, 140)]
    [DataRow(3, 180)]
    [DataRow(4, 220)]
    public void Predict_AtAndBetweenPoints_IsLinear(int rows, double expected) => Assert.AreEqual(expected, Curve((1, 100), (2, 140), (4, 220)).Predict(rows), 1e-9);

    [TestMethod]
    public void Predict_BelowFirst_FollowsTheIntercept() => Assert.AreEqual(60 + (40 * 1), Curve((4, 220), (8, 380)).Predict(1), 1e-9);

    [TestMethod]
    public void Predict_BelowFirstOfASteepCurve_IsProportional() => Assert.AreEqual(25, Curve((4, 100), (8, 1000)).Predict(1), 1e-9);

    [TestMethod]
    public void Predict_BelowFirstOfAFallingCurve_IsLevel() => Assert.AreEqual(100, Curve((4, 100), (8, 90)).Predict(1), 1e-9);

    [TestMethod]
    public void Predict_SinglePoint_ErrsOnTheSlowSide()
    {
        var curve = Curve((4, 100));

        Assert.AreEqual(100, curve.Predict(1));
        Assert.AreEqual(200, curve.Predict(8));
    }

    [TestMethod]
    public void Predict_BeyondLast_FollowsTheLastDoubling() => Assert.AreEqual(440 + (8 * 30), Curve((1, 100), (4, 320), (7, 410), (8, 440)).Predict(16), 1e-9);

    [TestMethod]
    public void Predict_BeyondAFallingEnd_IsLevel() => Assert.AreEqual(90, Curve((4, 100), (8, 90)).Predict(16), 1e-9);

    [TestMethod]
    public void Predict_NoRows_Throws() => Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Curve((1, 100)).Predict(0));

    [TestMethod]
    public void Predict_AnyCurve_IsPositiveAndHitsItsPoints()
    {
        var points = Gen.Select(Gen.Int[1, 4096], Gen.Double[1, 1e9]).Array[1, 12].Select(all => all.DistinctBy(point => point.Item1).ToArray());

        Gen.Select(points, Gen.Int[1, 100_000]).Sample((all, rows) =>
        {
            var curve = Curve(all);
            return curve.Predict(rows) > 0
                && all.All(point => curve.Predict(point.Item1) == point.Item2)
                && curve.Predict(200_001) >= curve.Predict(200_000);
        });
    }

    internal static LatencyCurve Curve(params (int Rows, double Ticks)[] points) => LatencyCurve.Create(points.Select(point => new CurvePoint(point.Rows, point.Ticks, point.Ticks, 32)));
}
