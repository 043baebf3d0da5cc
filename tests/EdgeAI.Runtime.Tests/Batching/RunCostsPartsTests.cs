using EdgeAI.Profiling;

namespace EdgeAI.Batching;

[TestClass]
public sealed class RunCostsPartsTests
{
    private readonly RunCosts _costs = new(new FakeLanes());

    [TestMethod]
    public void BestFirst_AloneAndCrowdedInTurn_GoByTheirOwnCurves()
    {
        // Alone all rows cost about the same; beside others the memory of the machine holds four.
        _costs.Replace(Curve((1, 100), (16, 110)), Curve((1, 100), (4, 120), (5, 400), (16, 500)));

        for (var i = 0; i < 3; i++)
        {
            Assert.AreEqual(12, _costs.BestFirst(12, isCrowded: false));
            Assert.AreEqual(4, _costs.BestFirst(12, isCrowded: true));
        }
    }

    [TestMethod]
    public void BestFirst_NewCurves_CountAtOnce()
    {
        _costs.Replace(Curve((1, 100), (16, 110)), Curve((1, 100), (16, 110)));
        Assert.AreEqual(12, _costs.BestFirst(12, isCrowded: false));

        _costs.Replace(Curve((1, 100), (4, 120), (5, 400), (16, 500)), Curve((1, 100), (16, 110)));

        Assert.AreEqual(4, _costs.BestFirst(12, isCrowded: false));
    }

    [TestMethod]
    public void MaxRows_ShapeWithItsOwn_TakesItBeforeThatOfTheLanes()
    {
        _costs.Replace(Curve((1, 100), (16, 110)), Curve((1, 100), (16, 110)));
        Assert.AreEqual(8, _costs.MaxRows(planned: 8));

        _costs.Replace(Curve((1, 100), (16, 110)), Curve((1, 100), (16, 110)), usefulRows: 16);

        Assert.AreEqual(16, _costs.MaxRows(planned: 8));
    }

    private static LatencyCurve Curve(params (int Rows, long Ticks)[] points) => LatencyCurve.Create(points.Select(point => new CurvePoint(point.Rows, point.Ticks, point.Ticks, 10)));
}
