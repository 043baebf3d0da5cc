namespace EdgeAI.Batching;

[TestClass]
public sealed class RunCostsMemoryTests
{
    private readonly RunCosts _costs = new(new FakeLanes());

    [TestMethod]
    public void ReduceLimit_FailuresWithSuccessesInBetween_SetNoLimit()
    {
        for (var i = 0; i < 10; i++)
        {
            _costs.ReduceLimit(16, isCertain: false);
            _costs.Observe(16, wasCrowded: false, ticks: 1000, now: i);
        }

        Assert.IsNull(_costs.RowLimit);
    }

    [TestMethod]
    public void ReduceLimit_FailsAgainAfterSmallerOnesRan_HalvesTheRows()
    {
        _costs.ReduceLimit(16, isCertain: false);
        _costs.Observe(8, wasCrowded: false, ticks: 1000, now: 1);
        _costs.ReduceLimit(16, isCertain: false);

        Assert.AreEqual(8, _costs.RowLimit);
    }

    [TestMethod]
    public void ReduceLimit_SmallerBatchFails_IsAskedAgainFirst()
    {
        _costs.ReduceLimit(16, isCertain: false);
        _costs.ReduceLimit(4, isCertain: false);
        Assert.IsNull(_costs.RowLimit);

        _costs.ReduceLimit(4, isCertain: false);
        Assert.AreEqual(2, _costs.RowLimit);
    }
}
