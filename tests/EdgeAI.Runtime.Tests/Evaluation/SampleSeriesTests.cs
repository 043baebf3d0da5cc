namespace EdgeAI.Evaluation;

[TestClass]
public sealed class SampleSeriesTests
{
    private static readonly SamplingRules _rules = new(TimeSpan.FromMilliseconds(10), LeastWindows: 4, MostWindows: 6, Tolerance: 0.05);

    [TestMethod]
    public void Add_SteadyWindows_SettleAfterTheLeastNumber()
    {
        var series = Take(9, 2, 2, 2, 2);

        Assert.IsTrue(series.IsSettled);
        Assert.IsTrue(series.IsDone);
        Assert.AreEqual(0.002, series.Median, 1e-9);
        Assert.AreEqual(0.002, series.Best, 1e-9);
    }

    [TestMethod]
    public void Add_FirstWindow_DoesNotCount() => Assert.IsFalse(Take(1).HasResult);

    [TestMethod]
    public void Add_RestlessWindows_EndUnsettled()
    {
        var series = Take(9, 2, 3, 2, 3, 2);
        Assert.IsFalse(series.IsDone);
        series.Add(1, TimeSpan.FromMilliseconds(3));

        Assert.IsTrue(series.IsDone);
        Assert.IsFalse(series.IsSettled);
    }

    [TestMethod]
    public void Add_OneSlowWindow_DoesNotMoveTheMedian() => Assert.AreEqual(0.002, Take(9, 2, 80, 2, 2, 2).Median, 1e-9);

    [TestMethod]
    public void RunsOfNextWindow_QuickRuns_FillTheWindow()
    {
        var series = new SampleSeries(_rules);
        Assert.AreEqual(1, series.RunsOfNextWindow);
        series.Add(1, TimeSpan.FromMilliseconds(0.1));
        Assert.AreEqual(100, series.RunsOfNextWindow);
        series.Add(100, TimeSpan.FromMilliseconds(20));
        Assert.AreEqual(50, series.RunsOfNextWindow);
    }

    [TestMethod]
    public void SustainedRate_RateThatFalls_IsLateOverEarly()
    {
        var rate = new SustainedRate();
        for (var second = 1; second <= 60; second++) rate.Add(TimeSpan.FromSeconds(second), second <= 10 ? 200 : second <= 40 ? 100 : 70);

        Assert.IsTrue(rate.IsDone);
        Assert.AreEqual(0.7, rate.Ratio!.Value, 1e-9);
    }

    [TestMethod]
    public void SustainedRate_RateThatRises_IsOne()
    {
        var rate = new SustainedRate();
        for (var second = 1; second <= 60; second++) rate.Add(TimeSpan.FromSeconds(second), second);

        Assert.AreEqual(1, rate.Ratio);
    }

    private static SampleSeries Take(params ReadOnlySpan<double> milliseconds)
    {
        var series = new SampleSeries(_rules);
        foreach (var duration in milliseconds) series.Add(1, TimeSpan.FromMilliseconds(duration));
        return series;
    }
}
