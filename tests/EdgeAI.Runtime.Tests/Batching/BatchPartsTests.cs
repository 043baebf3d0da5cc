using CsCheck;
using EdgeAI.Profiling;

namespace EdgeAI.Batching;

[TestClass]
public sealed class BatchPartsTests
{
    [TestMethod]
    public void First_KernelsThatStep_CutsAtTheStep()
    {
        var parts = new BatchParts(Curve(10, 12, 12, 12, 40, 40, 40, 40, 40, 40, 40, 40), 12);

        Assert.AreEqual(4, parts.First(4));
        Assert.AreEqual(3, parts.First(3));
        Assert.AreEqual(4, parts.First(12), "three runs of four take 36, one of twelve 40");
    }

    [TestMethod]
    public void First_OneRunWouldEndALittleSooner_StillFillsTheTile()
    {
        // Tiles of four: ten rows take 29 in one run and 30 in two or three, but full tiles serve more rows a second, and the last two may get company.
        var parts = new BatchParts(Curve(10, 10, 10, 10, 20, 20, 20, 20, 29, 29), 10);

        Assert.AreEqual(8, parts.First(10));
        Assert.AreEqual(4, parts.First(6));
    }

    [TestMethod]
    public void First_EachRowCostsTheSame_TakesAll()
    {
        var parts = new BatchParts(Curve([.. Enumerable.Range(1, 64).Select(rows => 1L + (10 * rows))]), 64);

        for (var rows = 1; rows <= 64; rows++) Assert.AreEqual(rows, parts.First(rows));
    }

    [TestMethod]
    public void First_AnyCurve_TakesAtMostSixPercentLongerThanTheBestCut() =>
        Gen.Long[100, 1000].Array[12].Sample(ticks =>
        {
            var parts = new BatchParts(Curve(ticks), 12);
            var best = new double[13];
            for (var n = 1; n <= 12; n++)
            {
                best[n] = Enumerable.Range(1, n).Min(first => ticks[first - 1] + best[n - first]);
                var (time, left) = (0L, n);
                while (left > 0)
                {
                    var rows = parts.First(left);
                    Assert.IsTrue(rows >= 1 && rows <= left);
                    time += ticks[rows - 1];
                    left -= rows;
                }

                Assert.IsLessThanOrEqualTo(1.0600001 * best[n], time);
            }
        });

    [TestMethod]
    public void First_MoreThanTheTableHolds_GoesAtOnce() => Assert.AreEqual(300, new BatchParts(Curve(10), 300).First(300));

    private static LatencyCurve Curve(params long[] ticks) => LatencyCurve.Create(ticks.Select((t, i) => new CurvePoint(i + 1, t, t, 10)));
}
