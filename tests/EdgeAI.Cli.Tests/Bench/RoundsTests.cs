using EdgeAI.Cli.Bench;
using Microsoft.Extensions.Time.Testing;

namespace EdgeAI.Cli.Tests.Bench;

[TestClass]
public sealed class RoundsTests
{
    [TestMethod]
    public void Add_OneRoundDisturbed_LeavesTheMedianRatios()
    {
        var rounds = new Rounds();
        rounds.Add(Round(2), Round(4));
        rounds.Add(Round(2), Round(4));
        rounds.Add(Round(400), Round(4));

        Assert.AreEqual(2.0, rounds.Ratio.Throughput!.Value, 1e-9);
        Assert.AreEqual(0.5, rounds.Ratio.P50!.Value, 1e-9);
        Assert.AreEqual(30, rounds.Engine.Answered);
        Assert.AreEqual(30, rounds.Baseline.Answered);
    }

    [TestMethod]
    public void Add_RoundWithoutAnswers_GivesNoRatio()
    {
        var rounds = new Rounds();
        rounds.Add(new Tally(), Round(4));

        Assert.IsNull(rounds.Ratio.Throughput);
        Assert.IsNull(rounds.Ratio.P50);
    }

    [TestMethod]
    public async Task RunAsync_BothSides_AlternateWhoGoesFirst()
    {
        var order = new List<string>();
        var progress = new List<double>();
        Task<Tally> Run(string who)
        {
            order.Add(who);
            return Task.FromResult(Round(1));
        }

        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.Zero };
        var running = new Rounds().RunAsync(3, round => Run($"ours {round}"), round => Run($"plain {round}"), time, progress.Add, CancellationToken.None);
        while (!running.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await running;
        CollectionAssert.AreEqual((string[])["ours 0", "plain 0", "plain 1", "ours 1", "ours 2", "plain 2"], order);
        Assert.AreEqual(1, progress[^1]);
        Assert.HasCount(3, progress);
    }

    [TestMethod]
    [DataRow(0.1, 10)]
    [DataRow(5.0, 10)]
    [DataRow(20.0, 40)]
    [DataRow(600.0, 100)]
    public void CountFor_Duration_IsTenToAHundred(double seconds, int count) => Assert.AreEqual(count, Rounds.CountFor(TimeSpan.FromSeconds(seconds)));

    [TestMethod]
    [DataRow(0.1, 4)]
    [DataRow(30.0, 6)]
    [DataRow(3600.0, 100)]
    public void CountOpenFor_Duration_IsFourToAHundred(double seconds, int count) => Assert.AreEqual(count, Rounds.CountOpenFor(TimeSpan.FromSeconds(seconds)));

    // Ten queries, each of that latency.
    private static Tally Round(int milliseconds)
    {
        var tally = new Tally { Elapsed = TimeSpan.FromMilliseconds(10 * milliseconds) };
        for (var i = 0; i < 10; i++) tally.Add(new QueryResult("cpu:0", 1), TimeSpan.FromMilliseconds(milliseconds));
        return tally;
    }
}
