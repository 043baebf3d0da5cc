namespace EdgeAI.Engine;

[TestClass]
public sealed class OverloadTests
{
    [TestMethod]
    public async Task RunAsync_QueueFull_IsRejectedAtOnceWithRetryAfter()
    {
        await using var fixture = new EngineFixture(EngineFixture.TakesOneSecond);
        await using var model = await fixture.LoadAsync(new ModelOptions { MaxQueueLength = 2 });
        var measured = model.RunAsync(EngineFixture.Request());
        await fixture.PassOneRunAsync();
        (await measured).Dispose();

        var accepted = Enumerable.Range(0, 3).Select(_ => model.RunAsync(EngineFixture.Request())).ToArray();
        var refused = model.RunAsync(EngineFixture.Request());

        Assert.IsTrue(refused.IsFaulted);
        var exception = await Assert.ThrowsExactlyAsync<RequestRejectedException>(() => refused);
        Assert.AreEqual(RejectionReason.QueueFull, exception.Reason);
        Assert.AreEqual(TimeSpan.FromSeconds(3), exception.RetryAfter);
        foreach (var run in accepted)
        {
            await fixture.PassOneRunAsync();
            (await run).Dispose();
        }
    }

    [TestMethod]
    public async Task RunAsync_DeadlinePassesWhileQueued_IsRejectedThenThoughTheDeviceIsBusy()
    {
        await using var fixture = new EngineFixture(d => d.Latency = Testing.LatencyCurve.Constant(TimeSpan.FromSeconds(10)));
        await using var model = await fixture.LoadAsync();
        var running = model.RunAsync(EngineFixture.Request());
        var waiting = model.RunAsync(EngineFixture.Request(deadline: TimeSpan.FromSeconds(3)));
        await fixture.Device.WhenAsync(s => s.Waiting == 1);

        fixture.Time.Advance(TimeSpan.FromMilliseconds(2999));
        Assert.IsFalse(waiting.IsCompleted);
        fixture.Time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.IsTrue(waiting.IsFaulted);
        Assert.AreEqual(RejectionReason.DeadlineExceeded, (await Assert.ThrowsExactlyAsync<RequestRejectedException>(() => waiting)).Reason);
        Assert.IsFalse(running.IsCompleted);
        fixture.Time.Advance(TimeSpan.FromSeconds(7));
        (await running).Dispose();
        Assert.AreEqual(1, fixture.Device.Statistics.RunsStarted);
    }

    [TestMethod]
    public async Task RunAsync_DeadlineOfZero_IsRejected()
    {
        await using var fixture = new EngineFixture();
        await using var model = await fixture.LoadAsync();

        var exception = await Assert.ThrowsExactlyAsync<RequestRejectedException>(() => model.RunAsync(EngineFixture.Request(deadline: TimeSpan.Zero)));

        Assert.AreEqual(RejectionReason.DeadlineExceeded, exception.Reason);
        Assert.IsTrue(exception.IsTransient);
    }

    [TestMethod]
    public async Task RunAsync_HighPriorityArrivesLast_RunsNext()
    {
        await using var fixture = new EngineFixture(EngineFixture.TakesOneSecond);
        await using var model = await fixture.LoadAsync();
        var running = model.RunAsync(EngineFixture.Request());
        await fixture.Device.WhenAsync(s => s.Waiting == 1);
        var low = model.RunAsync(EngineFixture.Request(priority: RequestPriority.Low));
        var high = model.RunAsync(EngineFixture.Request(priority: RequestPriority.High));

        await fixture.PassOneRunAsync();
        (await running).Dispose();
        await fixture.PassOneRunAsync();
        (await high).Dispose();

        Assert.IsFalse(low.IsCompleted);
        await fixture.PassOneRunAsync();
        (await low).Dispose();
    }
}
