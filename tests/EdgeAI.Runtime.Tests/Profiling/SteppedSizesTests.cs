namespace EdgeAI.Profiling;

[TestClass]
public sealed class SteppedSizesTests
{
    [TestMethod]
    public void Between_CurveRises_LooksOneRowAboveTheSmallerSize() =>
        CollectionAssert.AreEqual(new[] { 9, 17 }, SteppedSizes.Between([(1, 10.0), (2, 10.1), (4, 10.2), (8, 10.5), (16, 20.5), (32, 40)]).ToArray());

    [TestMethod]
    public void Between_CurveIsFlat_AsksForNothing() =>
        Assert.IsEmpty(SteppedSizes.Between([(1, 10.0), (2, 10.5), (4, 11), (8, 12)]).ToArray());

    [TestMethod]
    public void Between_NeighboursInSize_HaveNothingBetween() =>
        CollectionAssert.AreEqual(new[] { 3 }, SteppedSizes.Between([(1, 10.0), (2, 20), (4, 40)]).ToArray());
}
