using CsCheck;

namespace EdgeAI.Profiling;

[TestClass]
public sealed class RobustTests
{
    [TestMethod]
    [DataRow(new[] { 5.0 }, 5.0)]
    [DataRow(new[] { 9.0, 1.0 }, 1.0)]
    [DataRow(new[] { 9.0, 1.0, 4.0 }, 4.0)]
    [DataRow(new[] { 9.0, 1.0, 4.0, 5.0 }, 4.0)]
    public void Median_Values_IsTheLowerMiddle(double[] values, double expected) => Assert.AreEqual(expected, Robust.Median<double>(values));

    [TestMethod]
    public void Percentile_AnyValues_CoversThatFraction() => Gen.Select(Gen.Long[0, 1000].Array[1, 400], Gen.Double[0, 1]).Sample((values, p) =>
    {
        var value = Robust.Percentile<long>(values, p);
        return values.Contains(value) && values.Count(v => v <= value) >= p * values.Length && values.Count(v => v < value) <= p * values.Length;
    });

    [TestMethod]
    [DataRow(new[] { 100.0, 110.0, 105.0 }, true)]
    [DataRow(new[] { 100.0, 111.0, 105.0 }, false)]
    public void Agree_Spread_IsComparedWithTheTolerance(double[] values, bool expected) => Assert.AreEqual(expected, Robust.Agree<double>(values, 0.1));

    [TestMethod]
    public void Median_NoValues_Throws() => Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Robust.Median<double>([]));
}
