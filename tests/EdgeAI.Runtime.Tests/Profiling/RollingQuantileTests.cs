using CsCheck;

namespace EdgeAI.Profiling;

[TestClass]
public sealed class RollingQuantileTests
{
    [TestMethod]
    public void Value_Empty_IsOne() => Assert.AreEqual(1, new RollingQuantile().Value(0.95));

    [TestMethod]
    public void Value_OnlyOnes_IsExactlyOne()
    {
        var quantile = new RollingQuantile();
        for (var i = 0; i < 300; i++) quantile.Add(1);

        Assert.AreEqual(1, quantile.Value(0.95));
    }

    [TestMethod]
    public void Value_AnyRatios_IsNearTheExactQuantileOfTheLast256() => Gen.Select(Gen.Double[0.26, 3.9].Array[1, 600], Gen.Double[0.01, 0.99]).Sample((ratios, p) =>
    {
        var quantile = new RollingQuantile();
        foreach (var ratio in ratios) quantile.Add(ratio);
        var exact = Robust.Percentile<double>(ratios.AsSpan(Math.Max(0, ratios.Length - 256)), p);
        return Math.Abs(Math.Log(quantile.Value(p) / exact)) < 0.0109;
    });

    [TestMethod]
    [DataRow(1000.0, 4.0)]
    [DataRow(0.0, 0.25)]
    public void Add_BeyondTheRange_CountsAsItsEnd(double ratio, double expected)
    {
        var quantile = new RollingQuantile();
        quantile.Add(ratio);

        Assert.AreEqual(expected, quantile.Value(0.5), 1e-9);
    }
}
