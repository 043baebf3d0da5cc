using EdgeAI.Testing;

namespace EdgeAI.Engine;

/// <summary>Batches under load: callers that leave, too much work, deadlines, memory.</summary>
[TestClass]
public sealed class BatchLoadTests
{
    [TestMethod]
    public async Task RunAsync_MemberCancelledWhileRunning_EndsAtOnceAndItsMatesAreAnswered()
    {
        await using var fixture = EngineFixture.ForBatching(EngineFixture.TakesOneSecond);
        await using var model = await fixture.LoadBatchingAsync();
        using var cancellation = new CancellationTokenSource();
        var running = model.RunAsync(EngineFixture.Request());
        var cancelled = model.RunAsync(EngineFixture.Request(1), cancellation.Token);
        var mates = Enumerable.Range(2, 3).Select(i => model.RunAsync(EngineFixture.Request(i))).ToArray();
        await fixture.PassOneRunAsync();
        await fixture.Device.WhenAsync(s => s.RunsStarted == 2 && s.Waiting == 1);

        await cancellation.CancelAsync();

        Assert.IsTrue(cancelled.IsCanceled);
        Assert.AreEqual(0, fixture.Device.Statistics.RunsCancelled);
        await fixture.PassOneRunAsync();
        (await running).Dispose();
        for (var i = 0; i < mates.Length; i++)
        {
            using var response = await mates[i];
            Assert.AreEqual(i + 2, response["y"].AsSpan<float>()[0]);
        }
    }

    [TestMethod]
    public async Task RunAsync_AllMembersCancelled_StopsTheDevice()
    {
        await using var fixture = EngineFixture.ForBatching(EngineFixture.TakesOneSecond);
        await using var model = await fixture.LoadBatchingAsync();
        using var first = new CancellationTokenSource();
        using var second = new CancellationTokenSource();
        var running = model.RunAsync(EngineFixture.Request());
        Task[] members = [model.RunAsync(EngineFixture.Request(1), first.Token), model.RunAsync(EngineFixture.Request(2), second.Token)];
        await fixture.PassOneRunAsync();
        await fixture.Device.WhenAsync(s => s.RunsStarted == 2 && s.Waiting == 1);

        await first.CancelAsync();
        Assert.AreEqual(0, fixture.Device.Statistics.RunsCancelled);
        await second.CancelAsync();

        await fixture.Device.WhenAsync(s => s.RunsCancelled == 1);
        foreach (var member in members) Assert.IsTrue(member.IsCanceled);
        (await running).Dispose();
    }

    [TestMethod]
    public async Task RunAsync_TenTimesOverloaded_RefusesAtOnceWithFiguresAndAnswersTheRest()
    {
        await using var fixture = EngineFixture.ForBatching(EngineFixture.TakesOneSecond);
        await using var model = await fixture.LoadBatchingAsync(options => options.MaxQueueDelay = TimeSpan.FromSeconds(3));
        var runs = new List<Task<InferenceResponse>> { model.RunAsync(EngineFixture.Request()) };
        await fixture.PassOneRunAsync();
        (await runs[0]).Dispose();
        runs.Clear();

        // Eight a second can be answered; eighty a second come.
        var refused = 0;
        for (var second = 0; second < 20; second++)
        {
            for (var i = 0; i < 80; i++)
            {
                var run = model.RunAsync(EngineFixture.Request(i));
                if (!run.IsFaulted)
                {
                    runs.Add(run);
                    continue;
                }

                refused++;
                var refusal = await Assert.ThrowsExactlyAsync<RequestRejectedException>(() => run);
                Assert.AreEqual(RejectionReason.QueueFull, refusal.Reason);
                Assert.IsGreaterThan(TimeSpan.Zero, refusal.RetryAfter!.Value);
                Assert.IsGreaterThan(TimeSpan.FromSeconds(3), refusal.PredictedDuration!.Value);
            }

            Assert.IsLessThanOrEqualTo(48, runs.Count(run => !run.IsCompleted), "no more than a few seconds of work is held");
            await fixture.PassOneRunAsync();
        }

        Assert.IsGreaterThan(1000, refused);
        Assert.IsLessThan(10_000, fixture.Device.Statistics.PeakBytes, "refused requests take no memory of the device");
        while (runs.Exists(run => !run.IsCompleted))
        {
            var left = Task.WhenAll(runs);
            if (await Task.WhenAny(left, fixture.PassOneRunAsync()) == left) break;
        }

        foreach (var run in runs)
        {
            using var response = await run;
            Assert.IsLessThanOrEqualTo(TimeSpan.FromSeconds(6), response.Timings.Queued, "whoever was accepted waits about as long as promised");
        }
    }

    [TestMethod]
    public async Task RunAsync_DeviceKnownToBeTooSlow_RefusesAtOnceButNotForEver()
    {
        await using var fixture = EngineFixture.ForBatching(EngineFixture.TakesOneSecond);
        await using var model = await fixture.LoadBatchingAsync();
        var measured = model.RunAsync(EngineFixture.Request());
        await fixture.PassOneRunAsync();
        (await measured).Dispose();

        var refused = model.RunAsync(EngineFixture.Request(deadline: TimeSpan.FromMilliseconds(500)));
        Assert.IsTrue(refused.IsFaulted);
        var refusal = await Assert.ThrowsExactlyAsync<RequestRejectedException>(() => refused);
        Assert.AreEqual(RejectionReason.DeadlineInfeasible, refusal.Reason);
        Assert.IsGreaterThanOrEqualTo(TimeSpan.FromSeconds(1), refusal.PredictedDuration!.Value);

        fixture.Device.Latency = LatencyCurve.Zero;
        fixture.Time.Advance(TimeSpan.FromSeconds(6));
        (await model.RunAsync(EngineFixture.Request(deadline: TimeSpan.FromMilliseconds(500)))).Dispose();
    }

    [TestMethod]
    public async Task RunAsync_ClearOnReturn_NothingOfAnEarlierCallerIsInALaterBuffer()
    {
        await using var fixture = EngineFixture.ForBatching(
            device =>
            {
                EngineFixture.TakesOneSecond(device);
                device.IsHostAccessible = false;
            },
            engine => engine.ClearOnReturn = true);
        await using var model = await fixture.LoadBatchingAsync();
        for (var round = 1; round <= 3; round++)
        {
            var runs = Enumerable.Range(0, 5).Select(i => model.RunAsync(EngineFixture.Request((100 * round) + i))).ToArray();
            await fixture.PassRunsAsync(2);
            for (var i = 0; i < runs.Length; i++)
            {
                using var response = await runs[i];
                Assert.AreEqual((nuint)16, response["y"].Buffer.ByteLength, "a view of its own rows, not of the batch");
                Assert.IsFalse(response["y"].AsSpan<float>().ContainsAnyExcept((100 * round) + i));
            }
        }
    }
}
