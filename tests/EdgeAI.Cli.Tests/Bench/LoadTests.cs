using EdgeAI.Cli.Bench;
using Microsoft.Extensions.Time.Testing;

namespace EdgeAI.Cli.Tests.Bench;

[TestClass]
public sealed class LoadTests
{
    private readonly FakeTimeProvider _time = new();

    [TestMethod]
    public async Task RunClientsAsync_OneClient_SendsTheNextQueryOnCompletion()
    {
        var target = new ScriptedTarget(_time, Milliseconds(1), Milliseconds(3));

        var tally = await new Load(_time).RunClientsAsync(target, clients: 1, Milliseconds(10), CancellationToken.None);

        // 1 + 3 + 1 + 3 + 1 = 9 ms: one more starts before 10 ms have passed.
        Assert.AreEqual(6, tally.Answered);
        Assert.AreEqual(Milliseconds(12), tally.Elapsed);
        Assert.AreEqual(500, tally.Throughput);
        CollectionAssert.AreEqual((TimeSpan[])[Milliseconds(1), Milliseconds(1), Milliseconds(1), Milliseconds(3), Milliseconds(3), Milliseconds(3)], tally.SortLatencies());
    }

    [TestMethod]
    public async Task RunClientsAsync_LongQueries_SendsOneAtLeast()
    {
        var tally = await new Load(_time).RunClientsAsync(new ScriptedTarget(_time, Milliseconds(50)), clients: 1, Milliseconds(10), CancellationToken.None);

        Assert.AreEqual(1, tally.Answered);
    }

    [TestMethod]
    public async Task RunBurstAsync_ThreeQueries_CountLatencyFromTheBurst()
    {
        var tally = await new Load(_time).RunBurstAsync(new ScriptedTarget(_time, Milliseconds(2)), queries: 3, CancellationToken.None);

        CollectionAssert.AreEqual((TimeSpan[])[Milliseconds(2), Milliseconds(4), Milliseconds(6)], tally.SortLatencies());
        Assert.AreEqual(Milliseconds(6), tally.Elapsed);
    }

    [TestMethod]
    public async Task RunClientsAsync_Cancelled_EndsBetweenQueries()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var target = new ScriptedTarget(_time, Milliseconds(1));

        await Assert.ThrowsAsync<OperationCanceledException>(() => new Load(_time).RunClientsAsync(target, clients: 1, TimeSpan.FromDays(1), cancelled.Token));
        Assert.AreEqual(0, target.Queries);
    }

    [TestMethod]
    public async Task RunBurstAsync_SomeFail_AreCountedApart()
    {
        var tally = await new Load(_time).RunBurstAsync(new ScriptedTarget(_time, Milliseconds(1), null), queries: 4, CancellationToken.None);

        Assert.AreEqual(2, tally.Answered);
        Assert.AreEqual(2, tally.Errors);
        Assert.AreEqual(0, tally.Rejected);
        Assert.AreEqual("scripted", tally.FirstError!.Message);
    }

    [TestMethod]
    public async Task RunBurstAsync_CancelledWhileWaiting_DoesNotWaitForTheAnswers()
    {
        using var cancellation = new CancellationTokenSource();

        var burst = new Load(_time).RunBurstAsync(new SilentTarget(), queries: 2, cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => burst);
    }

    private sealed class SilentTarget : IQueryTarget
    {
        public bool IsBlocking => false;

        public ValueTask<QueryResult> QueryAsync() => new(new TaskCompletionSource<QueryResult>().Task);
    }

    private static TimeSpan Milliseconds(int count) => TimeSpan.FromMilliseconds(count);
}
