using EdgeAI.Batching.Policies;
using EdgeAI.Engine;
using EdgeAI.Scheduling;
using EdgeAI.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;

namespace EdgeAI.Acceptance;

/// <summary>What Ray Serve's tests of batching ask for, where Ray itself fails a whole batch.</summary>
[TestClass]
public sealed class RayTests
{
    // Origin: Ray python/ray/serve/tests/test_batching.py::test_batch_size_fn, issue ray#66140: an exception in the user's sizing ends the loop there
    [TestMethod]
    public async Task RunAsync_PolicyThrows_EverythingIsAnsweredAndItIsLoggedOnce()
    {
        var logs = new FakeLoggerProvider();
        await using var fixture = EngineFixture.ForBatching(EngineFixture.TakesOneSecond, more: builder =>
        {
            builder.AddBatchingPolicy<ThrowingPolicy>();
            builder.Services.AddLogging(logging => logging.Services.AddSingleton<Microsoft.Extensions.Logging.ILoggerProvider>(logs));
        });
        await using var model = await fixture.LoadBatchingAsync(options => options.BatchingPolicy = "throwing");

        var runs = Enumerable.Range(0, 12).Select(i => model.RunAsync(EngineFixture.Request(i))).ToArray();
        for (var run = 0; run < 3; run++) await fixture.PassOneRunAsync();

        for (var i = 0; i < runs.Length; i++)
        {
            using var response = await runs[i];
            Assert.AreEqual(i, response["y"].AsSpan<float>()[0]);
        }

        CollectionAssert.AreEqual(new[] { 1, 8, 3 }, fixture.Device.Runs.Select(run => run.BatchSize).ToArray(), "sizes as the greedy policy chooses");
        Assert.AreEqual(1, logs.Collector.GetSnapshot().Count(entry => entry.Message.Contains("'throwing'", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void Decide_PolicyThrows_FallsBackToGreedyForThatDecisionAlone()
    {
        var logger = new FakeLogger();
        var harness = new SchedulerHarness(policy: new GuardedPolicy(new ThrowingPolicy { Times = 1 }, "m", logger));
        var lane = harness.AddBatchingLane(maxRows: 8);
        harness.Submit("running");
        harness.SubmitStackable(12);

        harness.RunAll(lane);

        CollectionAssert.AreEqual(new[] { "running", "0+1+2+3+4+5+6+7", "8", "9", "10", "11" }, harness.Runs);
        Assert.AreEqual(1, logger.Collector.Count);
    }

    // A policy may be wrong in other ways too: what it answers is bounded.
    [TestMethod]
    public void Decide_PolicyAlwaysWaits_IsHeldToTheLongestWait()
    {
        var harness = new SchedulerHarness(policy: new AlwaysWait(), limits: new SchedulerLimits { MaxQueueLength = 10, AgingPeriod = 1000, MaxBatchWait = 100 });
        harness.AddBatchingLane(maxRows: 2);
        harness.SubmitStackable(3);
        Assert.AreEqual(100, harness.Scheduler.NextWaitEnd);

        harness.Advance(100);

        Assert.AreEqual("0+1", harness.Runs.Single(), "no more than the largest batch, whatever it asks for");
    }

    [TestMethod]
    public void Decide_PolicyWaitsWhileAnotherShapeIsQueued_RunsAtOnce()
    {
        var harness = new SchedulerHarness(policy: new AlwaysWait());
        var lane = harness.AddBatchingLane(maxRows: 8);
        harness.Submit("running");
        harness.Submit("stackable", shape: harness.Stackable);
        harness.Submit("other");

        harness.Finish(lane);

        Assert.AreEqual("stackable", harness.Runs[^1]);
    }

    // Origin: Ray python/ray/serve/tests/test_batching.py::test_batching_exception: there all members fail
    [TestMethod]
    public async Task RunAsync_OneBadItem_FailsAlone()
    {
        await using var fixture = EngineFixture.ForBatching(device =>
        {
            EngineFixture.TakesOneSecond(device);
            device.Compute = inputs => inputs[0].AsSpan<float>().Contains(666) ? throw new NotSupportedException("poison") : [inputs[0]];
        });
        await using var model = await fixture.LoadBatchingAsync();
        var running = model.RunAsync(EngineFixture.Request(100));
        var runs = Enumerable.Range(0, 8).Select(i => model.RunAsync(EngineFixture.Request(i == 5 ? 666 : i))).ToArray();

        // One for the first, then the batch, its halves, and the halves of those that hold the bad one: 8, 4, 4, 2, 1, 1, 2.
        for (var run = 0; run < 8; run++) await fixture.PassOneRunAsync();

        (await running).Dispose();
        for (var i = 0; i < runs.Length; i++)
        {
            if (i == 5)
            {
                StringAssert.Contains((await Assert.ThrowsExactlyAsync<DeviceFaultException>(() => runs[5])).Message, "poison");
                continue;
            }

            using var response = await runs[i];
            Assert.AreEqual(i, response["y"].AsSpan<float>()[0]);
        }

        CollectionAssert.AreEqual(new[] { 1, 8, 4, 4, 2, 1, 1, 2 }, fixture.Device.Runs.Select(run => run.BatchSize).ToArray());
    }

    // Origin: Ray python/ray/serve/tests/test_batching.py::test_batch_size_mismatch (a wrong number of results)
    [TestMethod]
    public async Task RunAsync_BatchAnswersAnotherLength_EachRunsByItself()
    {
        await using var fixture = EngineFixture.ForBatching(EngineFixture.TakesOneSecond);
        await using var model = await fixture.LoadBatchingAsync();
        fixture.Device.Faults.OnRun(2, SimulatedFault.WrongLength);
        var running = model.RunAsync(EngineFixture.Request(100));
        var runs = Enumerable.Range(0, 4).Select(i => model.RunAsync(EngineFixture.Request(i))).ToArray();

        for (var run = 0; run < 6; run++) await fixture.PassOneRunAsync();

        (await running).Dispose();
        for (var i = 0; i < runs.Length; i++)
        {
            using var response = await runs[i];
            Assert.AreEqual(i, response["y"].AsSpan<float>()[0]);
            Assert.AreEqual(1, response.Timings.BatchSize);
        }

        CollectionAssert.AreEqual(new[] { 1, 4, 1, 1, 1, 1 }, fixture.Device.Runs.Select(run => run.BatchSize).ToArray());
    }

    [TestMethod]
    public async Task RunAsync_SingleAnswersAnotherLength_IsADeviceFault()
    {
        await using var fixture = EngineFixture.ForBatching();
        await using var model = await fixture.LoadBatchingAsync();
        fixture.Device.Faults.OnRun(1, SimulatedFault.WrongLength);

        var fault = await Assert.ThrowsExactlyAsync<DeviceFaultException>(() => model.RunAsync(EngineFixture.Request()));

        StringAssert.Contains(fault.Message, "2 rows instead of 1");
        (await model.RunAsync(EngineFixture.Request())).Dispose();
    }

    private sealed class ThrowingPolicy : IBatchingPolicy
    {
        public string Name => "throwing";

        public int Times { get; init; } = int.MaxValue;

        private int _calls;

        public BatchDecision Decide(BatchingState state) => ++_calls <= Times ? throw new InvalidOperationException("the user's own") : BatchDecision.Run(1);
    }
}
