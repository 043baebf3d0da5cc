using EdgeAI.Cli.Bench;

namespace EdgeAI.Cli.Tests.Bench;

[TestClass]
public sealed class TallyTests
{
    [TestMethod]
    public void Add_Results_AreCountedByBatchAndDevice()
    {
        var tally = new Tally();
        tally.Add(new QueryResult("cpu:0", 1), TimeSpan.FromMilliseconds(1));
        tally.Add(new QueryResult("cpu:0", 4), TimeSpan.FromMilliseconds(1));
        tally.Add(new QueryResult("gpu:0", 4), TimeSpan.FromMilliseconds(1));
        tally.Add(new QueryResult(null, 0, new RequestRejectedException(RejectionReason.QueueFull, "full")), TimeSpan.FromMilliseconds(1));

        Assert.AreEqual(3, tally.Answered);
        Assert.AreEqual(1, tally.Rejected);
        Assert.AreEqual(0, tally.Errors);
        CollectionAssert.AreEquivalent((KeyValuePair<int, long>[])[new(1, 1), new(4, 2)], tally.BatchSizes.ToArray());
        CollectionAssert.AreEquivalent((KeyValuePair<string, long>[])[new("cpu:0", 2), new("gpu:0", 1)], tally.Devices.ToArray());
    }

    [TestMethod]
    public void Add_AnotherTally_AddsCountsAndTimes()
    {
        var tally = new Tally { Elapsed = TimeSpan.FromSeconds(1) };
        var other = new Tally { Elapsed = TimeSpan.FromSeconds(3) };
        tally.Add(new QueryResult("cpu:0", 1), TimeSpan.FromMilliseconds(2));
        other.Add(new QueryResult("cpu:0", 1), TimeSpan.FromMilliseconds(1));

        tally.Add(other);

        Assert.AreEqual(0.5, tally.Throughput);
        Assert.AreEqual(2, tally.Devices["cpu:0"]);
        CollectionAssert.AreEqual((TimeSpan[])[TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2)], tally.SortLatencies());
    }

    [TestMethod]
    public void Add_QueryOfThreeSamples_CountsEachAndOneLatency()
    {
        var tally = new Tally { Elapsed = TimeSpan.FromSeconds(1) };
        tally.Add([new QueryResult("cpu:0", 2), new QueryResult("cpu:0", 2), new QueryResult("cpu:0", 1)], TimeSpan.FromMilliseconds(4));

        Assert.AreEqual(3, tally.Answered);
        Assert.AreEqual(3, tally.Throughput);
        Assert.AreEqual(1, tally.Queries);
        Assert.AreEqual(1, tally.CountWithin(TimeSpan.FromMilliseconds(4)));
        Assert.AreEqual(0, tally.CountWithin(TimeSpan.FromMilliseconds(3)));
    }

    [TestMethod]
    public void Add_QueryWithAFailedSample_HasNoLatency()
    {
        var tally = new Tally();
        tally.Add([new QueryResult("cpu:0", 1), new QueryResult(null, 0, new InvalidOperationException("failed"))], TimeSpan.FromMilliseconds(4));

        Assert.AreEqual(1, tally.Answered);
        Assert.AreEqual(0, tally.Queries);
        Assert.AreEqual(1, tally.Errors);
    }

    [TestMethod]
    public void SortRefusals_Refused_HoldsHowLongTheyTook()
    {
        var tally = new Tally();
        var other = new Tally { MaxSenderLag = TimeSpan.FromMilliseconds(7) };
        other.Add(new QueryResult(null, 0, new RequestRejectedException(RejectionReason.QueueFull, "full")), TimeSpan.FromMilliseconds(2));
        tally.Add(other);

        CollectionAssert.AreEqual((TimeSpan[])[TimeSpan.FromMilliseconds(2)], tally.SortRefusals());
        Assert.AreEqual(TimeSpan.FromMilliseconds(7), tally.MaxSenderLag);
    }

    [TestMethod]
    public void Throughput_Nothing_IsZero() => Assert.AreEqual(0, new Tally().Throughput);
}
