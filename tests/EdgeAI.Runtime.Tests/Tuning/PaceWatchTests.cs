using EdgeAI.Profiling;

namespace EdgeAI.Tuning;

[TestClass]
public sealed class PaceWatchTests
{
    private static readonly long _minute = TimeSpan.TicksPerMinute;
    private readonly PaceWatch _watch = new();
    private long _now;
    private long _runs;

    [TestMethod]
    [DataRow(1.35)]
    [DataRow(3.0)]
    [DataRow(0.75)]
    public void Look_OffTheCurveForAMinute_MeasuresAnew(double scale)
    {
        Assert.IsFalse(Look(scale));
        Assert.IsTrue(Look(scale));
    }

    [TestMethod]
    [DataRow(1.25)]
    [DataRow(0.8)]
    [DataRow(1.0)]
    public void Look_NearTheCurve_NeverDoes(double scale)
    {
        for (var i = 0; i < 100; i++) Assert.IsFalse(Look(scale));
    }

    [TestMethod]
    public void Look_OffNowAndThen_NeverDoes()
    {
        for (var i = 0; i < 100; i++) Assert.IsFalse(Look(i % 2 == 0 ? 2 : 1));
    }

    [TestMethod]
    public void Look_OffOnOneSideThenTheOther_NeverDoes()
    {
        for (var i = 0; i < 100; i++) Assert.IsFalse(Look(i % 2 == 0 ? 2 : 0.5));
    }

    [TestMethod]
    public void Look_FewRuns_WaitsUntilThereAreEnough()
    {
        var looks = 1;
        while (!Look(2, runs: 10)) looks++;

        Assert.AreEqual(1 + Math.Ceiling(PaceWatch.EnoughRuns / 10.0), looks);
    }

    [TestMethod]
    public void Look_NobodyAsks_NeverDoes()
    {
        for (var i = 0; i < 100; i++) Assert.IsFalse(Look(2, runs: 0));
    }

    [TestMethod]
    public void Look_CurveReplacedMeanwhile_BeginsAnew()
    {
        Look(2, runs: 1000);
        _runs = 0;

        Assert.IsFalse(Look(2));
        Assert.IsTrue(Look(2));
    }

    [TestMethod]
    public void Look_OneOfSeveralCurvesIsOff_MeasuresAnew()
    {
        var (one, other) = (new object(), new object());
        for (var i = 1; i <= 2; i++) Assert.AreEqual(i == 2, _watch.Look([(one, new Pace(100 * i, 1)), (other, new Pace(100 * i, 2))], i * _minute));
    }

    [TestMethod]
    public void Look_OffForEver_MeasuresAfterTenMinutesTwentyFortyAndAtLeastDaily()
    {
        var times = new List<long>();
        while (times.Count < 13)
        {
            if (Look(2)) times.Add(_now / _minute);
        }

        var pauses = times.Zip(times.Skip(1), (first, second) => second - first).ToArray();
        CollectionAssert.AreEqual(new long[] { 10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440, 1440, 1440 }, pauses);
    }

    private bool Look(double scale, int runs = 100)
    {
        _now += _minute;
        _runs += runs;
        return _watch.Look([(this, new Pace(_runs, scale))], _now);
    }
}
