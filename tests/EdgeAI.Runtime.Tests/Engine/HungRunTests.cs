using EdgeAI.Testing;

namespace EdgeAI.Engine;

/// <summary>Runs that hang: interrupted, then abandoned.</summary>
[TestClass]
public sealed class HungRunTests
{
    [TestMethod]
    public async Task RunAsync_HangsButCanBeInterrupted_FailsItsCallersAndTheLaneGoesOn()
    {
        await using var fixture = Fixture();
        await using var model = await fixture.LoadBatchingAsync(options => options.RunTimeout = TimeSpan.FromSeconds(10));
        fixture.Device.Faults.OnRun(1, SimulatedFault.Hang);
        var hung = model.RunAsync(EngineFixture.Request(1));
        await fixture.Device.WhenAsync(s => s.Waiting == 1);
        var next = model.RunAsync(EngineFixture.Request(2));

        fixture.Time.Advance(TimeSpan.FromSeconds(10));

        var fault = await Assert.ThrowsExactlyAsync<DeviceFaultException>(() => hung);
        StringAssert.Contains(fault.Message, "RunTimeout");
        using var response = await next;
        Assert.AreEqual(2, response["y"].AsSpan<float>()[0]);
        Assert.AreEqual(1, fixture.Device.Statistics.Openings);
    }

    [TestMethod]
    public async Task RunAsync_HangsForGood_FailsItsCallersAndTheLaneIsReplaced()
    {
        var fixture = Fixture();
        var model = await fixture.LoadBatchingAsync(options => options.RunTimeout = TimeSpan.FromSeconds(10));
        fixture.Device.Faults.OnRun(2, SimulatedFault.Stuck);
        fixture.Device.Faults.OnRun(1, SimulatedFault.Hang);
        var first = model.RunAsync(EngineFixture.Request(0));
        await fixture.Device.WhenAsync(s => s.Waiting == 1);
        var batch = Enumerable.Range(1, 3).Select(i => model.RunAsync(EngineFixture.Request(i))).ToArray();
        fixture.Device.Faults.ReleaseHung();
        (await first).Dispose();
        await fixture.Device.WhenAsync(s => s.RunsStarted == 2 && s.Waiting == 1);
        var next = Enumerable.Range(4, 3).Select(i => model.RunAsync(EngineFixture.Request(i))).ToArray();

        fixture.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.IsFalse(batch[0].IsCompleted);
        fixture.Time.Advance(TimeSpan.FromSeconds(1));

        foreach (var run in batch) await Assert.ThrowsExactlyAsync<DeviceFaultException>(() => run);
        for (var i = 0; i < next.Length; i++)
        {
            using var response = await next[i];
            Assert.AreEqual(i + 4, response["y"].AsSpan<float>()[0]);
        }

        Assert.AreEqual(2, fixture.Device.Statistics.Openings);
        await model.DisposeAsync();
        Assert.IsEmpty(fixture.Device.Violations, "the session of a run that still hangs must not be freed");
        Assert.AreEqual(1, fixture.Device.Statistics.OpenSessions);
        fixture.Device.Faults.ReleaseHung();
        await fixture.Device.WhenAsync(s => s.LiveBindings == 0);
    }

    [TestMethod]
    public async Task RunAsync_HungRunEndsAfterAll_ItsSessionIsFreedWithTheModel()
    {
        await using var fixture = Fixture();
        var model = await fixture.LoadBatchingAsync(options => options.RunTimeout = TimeSpan.FromSeconds(10));
        fixture.Device.Faults.OnRun(1, SimulatedFault.Stuck);
        var hung = model.RunAsync(EngineFixture.Request());
        await fixture.Device.WhenAsync(s => s.Waiting == 1);
        fixture.Time.Advance(TimeSpan.FromSeconds(10));
        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        await Assert.ThrowsExactlyAsync<DeviceFaultException>(() => hung);

        fixture.Device.Faults.ReleaseHung();
        await fixture.Device.WhenAsync(s => s.LiveBindings == 1);
        await model.DisposeAsync();
    }

    [TestMethod]
    public async Task RunAsync_HangsMoreOftenThanMayBe_OpensNoMoreSessionsAndFailsWhatWaits()
    {
        var fixture = Fixture(mostAbandoned: 1);
        var model = await fixture.LoadBatchingAsync(options => { options.RunTimeout = TimeSpan.FromSeconds(10); options.MaxBatch = 1; });
        fixture.Device.Faults.Always = SimulatedFault.Stuck;
        var runs = Enumerable.Range(0, 3).Select(i => model.RunAsync(EngineFixture.Request(i))).ToArray();

        for (var hang = 1; hang <= 2; hang++)
        {
            await fixture.Device.WhenAsync(s => s.Waiting == hang);
            fixture.Time.Advance(TimeSpan.FromSeconds(10));
            fixture.Time.Advance(TimeSpan.FromSeconds(1));
            await Assert.ThrowsExactlyAsync<DeviceFaultException>(() => runs[hang - 1]);
        }

        Assert.AreEqual(2, fixture.Device.Statistics.Openings);
        await Assert.ThrowsExactlyAsync<DeviceFaultException>(() => runs[2].WaitAsync(TimeSpan.FromSeconds(30)));
        await Assert.ThrowsExactlyAsync<DeviceFaultException>(() => model.RunAsync(EngineFixture.Request()).WaitAsync(TimeSpan.FromSeconds(30)));
        fixture.Device.Faults.ReleaseHung();
        await fixture.Device.WhenAsync(s => s.LiveBindings == 0);
        await model.DisposeAsync();
    }

    private static EngineFixture Fixture(int mostAbandoned = 4) => EngineFixture.ForBatching(options: engine =>
    {
        engine.AbortTimeout = TimeSpan.FromSeconds(1);
        engine.MaxAbandonedLanes = mostAbandoned;
    });
}
