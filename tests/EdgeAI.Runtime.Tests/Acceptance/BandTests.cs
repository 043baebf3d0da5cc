using EdgeAI.Batching;
using EdgeAI.Profiling;
using Microsoft.Extensions.Logging.Testing;

namespace EdgeAI.Acceptance;

/// <summary>What Band's tests of its latency estimates ask for.</summary>
[TestClass]
public sealed class BandTests
{
    // Origin: Band band/test/latency_estimator_test.cc (profile save and load, hash mismatch)
    [TestMethod]
    public void TryLoad_OtherHardware_IsIgnored()
    {
        var folder = Path.Combine(Path.GetTempPath(), "edgeai-band-" + Guid.NewGuid().ToString("N"));
        var key = new CurveKey("model", "x[n,4]", "cpu:0/4", "1.0");
        var curve = TritonBatcherTests.Curve((1, 1000), (8, 4000));
        try
        {
            new CurveStore(folder, MeasurementCache.ReadWrite, new FakeLogger()).Save(key, new SweepResult(new LanePlan(1, 4), 8, [new PlanCurves(new LanePlan(1, 4), curve, curve)]));
            var store = new CurveStore(folder, MeasurementCache.ReadOnly, new FakeLogger());

            Assert.AreEqual(8, store.TryLoad(key)!.MaxBatch);
            Assert.IsNull(store.TryLoad(key with { Device = "cpu:0/8" }));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Origin: Band band/test/latency_estimator_test.cc (moving average): the estimate follows a device that changes
    [TestMethod]
    public void Predict_DeviceBecomesThreeTimesSlower_FollowsWithinTwentyRunsAndBack()
    {
        var costs = new RunCosts(new FakeLanes());
        Run(1000, 50);
        Assert.AreEqual(1000, costs.Predict(1, isCrowded: false), 50);

        Run(3000, 20);
        Assert.IsGreaterThan(2000, costs.Predict(1, isCrowded: false));
        Run(1000, 40);
        Assert.IsLessThan(1500, costs.Predict(1, isCrowded: false));

        void Run(long ticks, int times)
        {
            for (var i = 0; i < times; i++) costs.Observe(1, wasCrowded: false, ticks, now: i);
        }
    }
}
