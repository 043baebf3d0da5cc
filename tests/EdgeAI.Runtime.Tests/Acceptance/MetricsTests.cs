using EdgeAI.Engine;
using EdgeAI.Scheduling;
using EdgeAI.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace EdgeAI.Acceptance;

/// <summary>What Triton's tests of its figures ask for.</summary>
[TestClass]
public sealed class MetricsTests
{
    // Origin: Triton qa/L0_metrics/metrics_queue_size_test.py: the number of waiting requests is exact and returns to zero
    [TestMethod]
    public void Waiting_BatchesComeAndGo_IsExactAndReturnsToZero()
    {
        var harness = new SchedulerHarness();
        var lane = harness.AddBatchingLane(maxRows: 4);
        harness.SubmitStackable(10);
        harness.Submit("held", orderKey: "k");
        var cancelled = harness.Submit("held too", orderKey: "k");
        Assert.AreEqual((11, 1), (harness.Scheduler.Waiting, harness.Scheduler.Running));

        harness.Cancel(cancelled);
        harness.Finish(lane);
        Assert.AreEqual((6, 4), (harness.Scheduler.Waiting, harness.Scheduler.Running));
        harness.RunAll(lane);

        Assert.AreEqual((0, 0), (harness.Scheduler.Waiting, harness.Scheduler.Running));
    }

    // Origin: Triton qa/L0_metrics: counts hold also where a batch fails and is cut up
    [TestMethod]
    public async Task Meter_BatchIsBisected_InFlightReturnsToZeroAndOnlyAnsweredRunsCount()
    {
        await using var fixture = EngineFixture.ForBatching(EngineFixture.TakesOneSecond);
        await using var model = await fixture.LoadBatchingAsync();
        var factory = fixture.Services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>();
        using var inFlight = new MetricCollector<long>(factory, "EdgeAI", "edgeai.device.in_flight");
        using var sizes = new MetricCollector<long>(factory, "EdgeAI", "edgeai.batch.size");
        fixture.Device.Faults.OnRun(2, SimulatedFault.DeviceFault);
        var runs = Enumerable.Range(0, 5).Select(i => model.RunAsync(EngineFixture.Request(i))).ToArray();

        await fixture.PassRunsAsync(4);
        foreach (var run in runs) (await run).Dispose();

        Assert.AreEqual(0, inFlight.GetMeasurementSnapshot().Sum(measured => measured.Value));
        CollectionAssert.AreEqual(new long[] { 1, 2, 2 }, sizes.GetMeasurementSnapshot().Select(measured => measured.Value).ToArray());
    }
}
