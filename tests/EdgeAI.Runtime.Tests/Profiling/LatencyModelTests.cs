using CsCheck;

namespace EdgeAI.Profiling;

[TestClass]
public sealed class LatencyModelTests
{
    private static readonly int[] _sizes = [1, 2, 4, 8, 16];

    [TestMethod]
    public void Predict_NothingKnown_IsZero()
    {
        var model = new LatencyModel();

        Assert.IsFalse(model.IsKnown);
        Assert.AreEqual(0, model.Predict(1));
        Assert.AreEqual(0, model.PredictUpper(7));
        Assert.AreEqual(0, model.LargestRows);
        Assert.IsNull(model.Curve);
    }

    [TestMethod]
    public void Predict_ProfileOnly_IsTheProfile()
    {
        var model = new LatencyModel(Profile());

        Assert.AreEqual(Truth(4), model.Predict(4));
        Assert.AreEqual(Truth(4), model.PredictUpper(4));
        Assert.AreEqual(16, model.LargestRows);
        Assert.AreEqual(0, model.Version);
    }

    [TestMethod]
    public void Observe_WithoutProfile_LearnsTheCurveOfItsTraffic()
    {
        var model = new LatencyModel();

        Run(model, 400, rows => Truth(rows));

        foreach (var rows in _sizes) Assert.AreEqual(Truth(rows), model.Predict(rows), 1.0);
        Assert.AreEqual(Truth(12), model.Predict(12), 0.02 * Truth(12));
        CollectionAssert.AreEqual(_sizes, model.Curve!.Points.Select(point => point.Rows).ToArray());
    }

    [TestMethod]
    public void Observe_FirstRunIsCold_IsForgottenAtTheNext()
    {
        var model = new LatencyModel();

        model.Observe(1, 100 * Truth(1));
        model.Observe(1, Truth(1));

        Assert.AreEqual(Truth(1), model.Predict(1));
    }

    [TestMethod]
    public void Observe_AnySizes_KeepsABoundedTable()
    {
        var model = new LatencyModel();
        for (var rows = 1; rows < 200_000; rows += 1 + (rows / 50)) for (var run = 0; run < 3; run++) model.Observe(rows, Truth(rows));

        Assert.IsLessThanOrEqualTo(32, model.Curve!.Points.Count);
        foreach (var rows in new[] { 1, 7, 20, 100, 1000 }) Assert.AreEqual(Truth(rows), model.Predict(rows), 0.1 * Truth(rows));
    }

    [TestMethod]
    [DataRow(3.0)]
    [DataRow(0.4)]
    public void Observe_DeviceAtAnotherPace_ScalesEverySize(double pace)
    {
        var model = new LatencyModel(Profile());

        for (var run = 0; run < 60; run++) model.Observe(1, (long)(pace * Truth(1)));

        Assert.AreEqual(pace * Truth(16), model.Predict(16), 0.02 * pace * Truth(16));
        Assert.AreEqual(0, model.Version, "scaling must not count as a new shape");
    }

    [TestMethod]
    public void Observe_SlowerAndFaster_RisesFasterThanItFalls()
    {
        var rising = new LatencyModel(Profile());
        var falling = new LatencyModel(Profile());
        for (var run = 0; run < 8; run++)
        {
            rising.Observe(1, 15 * Truth(1) / 10);
            falling.Observe(1, 5 * Truth(1) / 10);
        }

        Assert.IsGreaterThan(1.4, rising.Scale);
        Assert.IsGreaterThan(0.6, falling.Scale);
    }

    [TestMethod]
    public void Observe_OnePause_MovesNothing()
    {
        var model = new LatencyModel(Profile());
        Run(model, 300, Truth);
        var (expected, upper) = (model.Predict(4), model.PredictUpper(4));

        var drift = model.Observe(4, 100 * Truth(4));

        Assert.AreEqual(Drift.None, drift);
        Assert.AreEqual(expected, model.Predict(4));
        Assert.AreEqual(upper, model.PredictUpper(4));
    }

    [TestMethod]
    public void Observe_PausesNowAndThen_HardlyMoveAnything()
    {
        var model = new LatencyModel(Profile());

        var drifts = Run(model, 2000, rows => Truth(rows), pauseEvery: 50);

        Assert.AreEqual(0, drifts.Count);
        Assert.AreEqual(0, model.Version);
        Assert.AreEqual(Truth(4), model.Predict(4), 0.05 * Truth(4));
    }

    [TestMethod]
    [DataRow(0.05)]
    [DataRow(0.2)]
    [DataRow(0.4)]
    public void PredictUpper_NoisyRuns_CoversNinetyFivePercent(double noise)
    {
        var random = new Random(1);
        var model = new LatencyModel(Profile());
        var covered = 0;
        const int Runs = 4000;
        for (var run = 0; run < Runs; run++)
        {
            var rows = _sizes[random.Next(_sizes.Length)];
            var ticks = Noisy(random, Truth(rows), noise);
            if (run >= 256 && ticks <= model.PredictUpper(rows)) covered++;
            Assert.AreEqual(Drift.None, model.Observe(rows, ticks));
        }

        var share = (double)covered / (Runs - 256);
        Assert.IsTrue(share is > 0.92 and < 0.985, $"{share:P1} were covered");
        Assert.AreEqual(0, model.Version, "noise alone must not change the shape");
    }

    [TestMethod]
    public void Observe_OneSizeOffTheProfile_CorrectsThatPoint()
    {
        var model = new LatencyModel(Profile());
        long Actual(int rows) => rows == 8 ? 2 * Truth(8) : Truth(rows);

        Run(model, 1000, Actual);

        Assert.IsGreaterThan(0, model.Version);
        foreach (var rows in _sizes) Assert.AreEqual(Actual(rows), model.Predict(rows), 0.15 * Actual(rows), $"{rows} rows");
        var version = model.Version;
        Run(model, 1000, Actual);
        Assert.AreEqual(version, model.Version, "a corrected curve must stay");
    }

    [TestMethod]
    public void Observe_ThreeTimesSlowerAndBack_TellsEachChangeOnce()
    {
        var model = new LatencyModel(Profile());
        Run(model, 300, Truth, noise: 0.05);

        var slower = Run(model, 600, rows => 3 * Truth(rows), noise: 0.05);
        var faster = Run(model, 600, Truth, noise: 0.05);

        Assert.AreEqual(1, slower.Count);
        Assert.AreEqual(Drift.Slower, slower[0].Drift);
        Assert.IsLessThan(20, slower[0].Run);
        Assert.AreEqual(1, faster.Count);
        Assert.AreEqual(Drift.Faster, faster[0].Drift);
        Assert.IsLessThan(20, faster[0].Run);
        Assert.AreEqual(0, model.Version);
    }

    [TestMethod]
    public void Replace_NewProfile_DropsWhatWasLearned()
    {
        var model = new LatencyModel();
        Run(model, 100, rows => 7 * Truth(rows));
        var version = model.Version;

        model.Replace(Profile());

        Assert.AreEqual(Truth(8), model.Predict(8));
        Assert.AreNotEqual(version, model.Version);
    }

    [TestMethod]
    public void Observe_KnownSizes_AllocatesNothing()
    {
        var model = new LatencyModel(Profile());
        Run(model, 500, Truth);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var run = 0; run < 1000; run++)
        {
            model.Observe(_sizes[run % _sizes.Length], Truth(1) + run);
            model.PredictUpper(5);
        }

        Assert.AreEqual(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [TestMethod]
    public void PredictUpper_FewRuns_KeepsTheSpreadOfTheProfile()
    {
        var model = new LatencyModel(LatencyCurve.Create([new CurvePoint(1, 1000, 1500, 32)]));
        Assert.AreEqual(1500, model.PredictUpper(1));

        model.Observe(1, 1000);

        Assert.AreEqual(1500, model.PredictUpper(1));
        for (var run = 0; run < 100; run++) model.Observe(1, 1000);
        Assert.AreEqual(1000, model.PredictUpper(1));
    }

    [TestMethod]
    public void Observe_AnyTraffic_PredictsPositiveBoundedDurations() =>
        Gen.Select(Gen.Bool, Gen.Select(Gen.Int[1, 5000], Gen.Long[0, 1_000_000_000]).Array[1, 300]).Sample((hasProfile, runs) =>
        {
            var model = new LatencyModel(hasProfile ? Profile() : null);
            foreach (var (rows, ticks) in runs)
            {
                model.Observe(rows, ticks);
                var (expected, upper) = (model.Predict(rows), model.PredictUpper(rows));
                Assert.IsTrue(expected >= 1 && upper >= expected && upper <= (4.0001 * expected) + 4);
                Assert.IsGreaterThanOrEqualTo(rows, model.LargestRows);
            }

            Assert.IsNotNull(model.Curve);
        });

    [TestMethod]
    public void Observe_NegativeDuration_Throws() => Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new LatencyModel().Observe(1, -1));

    private static long Truth(int rows) => 40_000 + (3_000L * rows);

    private static LatencyCurve Profile() => LatencyCurveTests.Curve([.. _sizes.Select(rows => (rows, (double)Truth(rows)))]);

    private static long Noisy(Random random, long ticks, double sigma) =>
        (long)(ticks * Math.Exp(sigma * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())));

    private static List<(int Run, Drift Drift)> Run(LatencyModel model, int runs, Func<int, long> actual, double noise = 0, int pauseEvery = 0)
    {
        var random = new Random(7);
        var drifts = new List<(int, Drift)>();
        for (var run = 0; run < runs; run++)
        {
            var rows = _sizes[random.Next(_sizes.Length)];
            var ticks = Noisy(random, actual(rows), noise);
            if (pauseEvery > 0 && run % pauseEvery == pauseEvery - 1) ticks *= 100;
            var drift = model.Observe(rows, ticks);
            if (drift != Drift.None) drifts.Add((run, drift));
        }

        return drifts;
    }
}
