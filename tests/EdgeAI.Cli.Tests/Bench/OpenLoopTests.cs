using EdgeAI.Cli.Bench;
using Microsoft.Extensions.Time.Testing;

namespace EdgeAI.Cli.Tests.Bench;

[TestClass]
public sealed class OpenLoopTests
{
    private readonly FakeTimeProvider _time = new();

    [TestMethod]
    public async Task RunAsync_TargetKeepsUp_CountsFromTheSchedule()
    {
        var tally = await RunAsync(new ScriptedTarget(_time, Milliseconds(2)), Milliseconds(20), Milliseconds(5), Milliseconds(10));

        CollectionAssert.AreEqual((TimeSpan[])[Milliseconds(2), Milliseconds(2)], tally.SortLatencies());
        Assert.AreEqual(TimeSpan.Zero, tally.MaxSenderLag);
        Assert.AreEqual(Milliseconds(20), tally.Elapsed);
        Assert.AreEqual(100, tally.Throughput);
    }

    // The target holds the sender up as a saturated machine does: the second query is 9 ms late, the third 8 ms, and that counts.
    [TestMethod]
    public async Task RunAsync_SenderFallsBehind_SendsAtOnceAndCountsTheDelay()
    {
        var tally = await RunAsync(new ScriptedTarget(_time, Milliseconds(10), Milliseconds(1), Milliseconds(1)), Milliseconds(10), Milliseconds(1), Milliseconds(2), Milliseconds(4));

        CollectionAssert.AreEqual((TimeSpan[])[Milliseconds(9), Milliseconds(10), Milliseconds(10)], tally.SortLatencies());
        Assert.AreEqual(Milliseconds(9), tally.MaxSenderLag);
        Assert.AreEqual(Milliseconds(13), tally.Elapsed);
    }

    [TestMethod]
    public async Task RunAsync_NapsShort_WaitsAgain()
    {
        var naps = 0;
        var loop = new OpenLoop(_time, (left, _) =>
        {
            naps++;
            _time.Advance(left < Milliseconds(1) ? left : left / 2);
        });

        var tally = await loop.RunAsync(new ScriptedTarget(_time, Milliseconds(1)), [Milliseconds(8)], Milliseconds(10), CancellationToken.None);

        Assert.IsGreaterThan(1, naps);
        Assert.AreEqual(TimeSpan.Zero, tally.MaxSenderLag);
    }

    [TestMethod]
    public async Task RunAsync_NoArrivals_IsEmpty()
    {
        var tally = await RunAsync(new ScriptedTarget(_time, Milliseconds(1)), Milliseconds(10));

        Assert.AreEqual(0, tally.Answered);
        Assert.AreEqual(Milliseconds(10), tally.Elapsed);
    }

    [TestMethod]
    public async Task RunAsync_TooManyOutstanding_AreRefusedBySender()
    {
        var target = new HeldTarget();
        TimeSpan[] arrivals = [.. Enumerable.Repeat(Milliseconds(1), OpenLoop.MaxOutstanding + 5), Milliseconds(5)];

        // The sender naps before the first and before the last, when it has sent all the others.
        var naps = 0;
        var loop = new OpenLoop(_time, (left, _) =>
        {
            if (++naps == 2) target.Release();
            _time.Advance(left);
        });
        var tally = await loop.RunAsync(target, arrivals, Milliseconds(10), CancellationToken.None);

        Assert.AreEqual(OpenLoop.MaxOutstanding + 1, tally.Answered);
        Assert.AreEqual(5, tally.Rejected);
    }

    [TestMethod]
    public async Task RunAsync_Cancelled_DoesNotWaitForAnswers()
    {
        using var cancellation = new CancellationTokenSource();
        var target = new HeldTarget();
        var loop = new OpenLoop(_time, (left, _) => _time.Advance(left));

        var running = loop.RunAsync(target, [Milliseconds(1)], Milliseconds(10), cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => running);
    }

    private Task<Tally> RunAsync(IQueryTarget target, TimeSpan duration, params TimeSpan[] arrivals) =>
        new OpenLoop(_time, (left, _) => _time.Advance(left)).RunAsync(target, arrivals, duration, CancellationToken.None);

    private static TimeSpan Milliseconds(int count) => TimeSpan.FromMilliseconds(count);

    /// <summary>Answers nothing until told to.</summary>
    private sealed class HeldTarget : IQueryTarget
    {
        private readonly TaskCompletionSource<QueryResult> _answer = new();

        public bool IsBlocking => false;

        public void Release() => _answer.SetResult(new QueryResult("sim:0", 1));

        public ValueTask<QueryResult> QueryAsync() => new(_answer.Task);
    }
}
