using CsCheck;
using EdgeAI.Cli.Bench;

namespace EdgeAI.Cli.Tests.Bench;

[TestClass]
public sealed class PercentilesTests
{
    // Five values: the textbook example of nearest rank.
    [TestMethod]
    [DataRow(5, 15)]
    [DataRow(30, 20)]
    [DataRow(40, 20)]
    [DataRow(50, 35)]
    [DataRow(100, 50)]
    public void NearestRank_FiveValues_IsAMeasuredOne(int percent, int expected) =>
        Assert.AreEqual(expected, Percentiles.NearestRank<int>([15, 20, 35, 40, 50], percent));

    [TestMethod]
    public void NearestRank_OneValue_IsThatValue() => Assert.AreEqual(7, Percentiles.NearestRank<int>([7], 99));

    [TestMethod]
    public void NearestRank_NoValue_Throws() => Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Percentiles.NearestRank<int>([], 50));

    [TestMethod]
    public void NearestRank_AnyValues_IsTheSmallestThatEnoughDoNotExceed() =>
        Gen.Select(Gen.Int[0, 50].Array[1, 60], Gen.Int[1, 100]).Sample((values, percent) =>
        {
            int[] sorted = [.. values.Order()];
            var expected = sorted.First(candidate => sorted.Count(value => value <= candidate) * 100L >= (long)percent * sorted.Length);
            return Percentiles.NearestRank<int>(sorted, percent) == expected;
        });

    [TestMethod]
    public void Median_OddAndEvenNumbers_IsTheMiddle()
    {
        Assert.AreEqual(2, Percentiles.Median([3, 1, 2]));
        Assert.AreEqual(2.5, Percentiles.Median([4, 1, 2, 3]));
        Assert.IsNull(Percentiles.Median([]));
    }
}
