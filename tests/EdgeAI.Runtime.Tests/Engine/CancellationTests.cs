namespace EdgeAI.Engine;

[TestClass]
public sealed class CancellationTests
{
    [TestMethod]
    public async Task RunAsync_CancelledBefore_NeverRuns()
    {
        await using var fixture = new EngineFixture();
        await using var model = await fixture.LoadAsync();

        var exception = await Assert.ThrowsExactlyAsync<TaskCanceledException>(() => model.RunAsync(EngineFixture.Request(), new CancellationToken(canceled: true)));

        Assert.IsTrue(exception.CancellationToken.IsCancellationRequested);
        Assert.AreEqual(0, fixture.Device.Statistics.RunsStarted);
    }

    [TestMethod]
    public async Task RunAsync_CancelledWhileQueued_EndsAtOnceAndOthersAreUnharmed()
    {
        await using var fixture = new EngineFixture(EngineFixture.TakesOneSecond);
        await using var model = await fixture.LoadAsync();
        using var cancellation = new CancellationTokenSource();
        var running = model.RunAsync(EngineFixture.Request(1));
        var cancelled = model.RunAsync(EngineFixture.Request(2), cancellation.Token);
        var other = model.RunAsync(EngineFixture.Request(3));
        await fixture.Device.WhenAsync(s => s.Waiting == 1);

        await cancellation.CancelAsync();

        Assert.IsTrue(cancelled.IsCanceled);
        Assert.AreEqual(cancellation.Token, (await Assert.ThrowsAsync<OperationCanceledException>(() => cancelled)).CancellationToken);
        await fixture.PassOneRunAsync();
        (await running).Dispose();
        await fixture.PassOneRunAsync();
        using var response = await other;
        Assert.AreEqual(3, response["y"].AsSpan<float>()[0]);
        Assert.AreEqual(2, fixture.Device.Statistics.RunsStarted);
    }

    [TestMethod]
    public async Task RunAsync_CancelledWhileRunning_StopsTheDeviceAndTheLaneGoesOn()
    {
        await using var fixture = new EngineFixture(EngineFixture.TakesOneSecond);
        await using var model = await fixture.LoadAsync();
        using var cancellation = new CancellationTokenSource();
        var cancelled = model.RunAsync(EngineFixture.Request(1), cancellation.Token);
        var next = model.RunAsync(EngineFixture.Request(2));
        await fixture.Device.WhenAsync(s => s.Waiting == 1);

        await cancellation.CancelAsync();

        Assert.AreEqual(cancellation.Token, (await Assert.ThrowsAsync<OperationCanceledException>(() => cancelled)).CancellationToken);
        await fixture.Device.WhenAsync(s => s.RunsCancelled == 1);
        await fixture.PassOneRunAsync();
        using var response = await next;
        Assert.AreEqual(2, response["y"].AsSpan<float>()[0]);
    }

    [TestMethod]
    public async Task RunAsync_CancelledAfterCompletion_DoesNothing()
    {
        await using var fixture = new EngineFixture();
        await using var model = await fixture.LoadAsync();
        using var cancellation = new CancellationTokenSource();
        using var response = await model.RunAsync(EngineFixture.Request(4), cancellation.Token);

        await cancellation.CancelAsync();
        using var later = await model.RunAsync(EngineFixture.Request(5));

        Assert.AreEqual(4, response["y"].AsSpan<float>()[0]);
        Assert.AreEqual(5, later["y"].AsSpan<float>()[0]);
    }

    [TestMethod]
    public async Task RunAsync_ThousandsWithRandomCancellations_EveryOneEndsAsItShould()
    {
        await using var fixture = new EngineFixture(d => d.MaxConcurrentRuns = 2);
        await using var model = await fixture.LoadAsync(new ModelOptions { Lanes = 2, MaxQueueLength = 10_000 });
        var random = new Random(7);

        var runs = Enumerable.Range(0, 4000).Select(async i =>
        {
            using var cancellation = new CancellationTokenSource();
            var run = model.RunAsync(EngineFixture.Request(i), cancellation.Token);
            if (random.Next(2) == 0) await cancellation.CancelAsync();
            try
            {
                using var response = await run;
                Assert.IsFalse(response["y"].AsSpan<float>().ContainsAnyExcept(i), "somebody else's answer");
            }
            catch (OperationCanceledException exception)
            {
                Assert.AreEqual(cancellation.Token, exception.CancellationToken);
                Assert.IsTrue(cancellation.IsCancellationRequested);
            }
        });

        await Task.WhenAll(runs);
    }
}
