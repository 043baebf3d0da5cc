using System.Threading.Channels;
using EdgeAI.Cli.Bench;

namespace EdgeAI.Cli.Tests.Bench;

[TestClass]
public sealed class DispatchedTargetTests
{
    [TestMethod]
    public async Task QueryAsync_ManyAtOnce_ReachTheInnerOneByOne()
    {
        var inner = new GatedTarget();
        await using var target = new DispatchedTarget(inner, capacity: 10);

        var answers = Enumerable.Range(0, 5).Select(_ => target.QueryAsync().AsTask()).ToArray();
        for (var i = 0; i < answers.Length; i++) inner.Open();
        await Task.WhenAll(answers);

        Assert.AreEqual(1, inner.MaxUnderWay);
    }

    [TestMethod]
    public async Task QueryAsync_FullQueue_IsRejectedAtOnce()
    {
        var inner = new GatedTarget();
        await using var target = new DispatchedTarget(inner, capacity: 1);

        // One may be with the worker, one in the queue: the third finds no place.
        var answers = Enumerable.Range(0, 3).Select(_ => target.QueryAsync().AsTask()).ToArray();
        for (var i = 0; i < answers.Length; i++) inner.Open();
        var results = await Task.WhenAll(answers);

        Assert.IsTrue(results.Any(result => result.Error is RequestRejectedException { Reason: RejectionReason.QueueFull }));
    }

    /// <summary>Answers one query for each time it is opened.</summary>
    private sealed class GatedTarget : IQueryTarget
    {
        private readonly Channel<bool> _gate = Channel.CreateUnbounded<bool>();
        private int _underWay;

        public int MaxUnderWay { get; private set; }

        public bool IsBlocking => true;

        public void Open() => _gate.Writer.TryWrite(true);

        public async ValueTask<QueryResult> QueryAsync()
        {
            MaxUnderWay = Math.Max(MaxUnderWay, Interlocked.Increment(ref _underWay));
            await _gate.Reader.ReadAsync();
            Interlocked.Decrement(ref _underWay);
            return new QueryResult("cpu:0", 1);
        }
    }
}
