using EdgeAI.Cli.Bench;

namespace EdgeAI.Cli.Tests.Bench;

[TestClass]
public sealed class ScenarioTests
{
    [TestMethod]
    [DataRow(Scenario.SingleStream, 1, 1, 600, 1024)]
    [DataRow(Scenario.MultiStream, 1, 8, 600, 270_336)]
    [DataRow(Scenario.Server, null, 1, 600, 270_336)]
    [DataRow(Scenario.Offline, null, 1, 601, 24_576)]
    public void FindDifferenceFromMlperf_FullRun_IsNone(string scenario, int? clients, int samples, int seconds, int queries) =>
        Assert.IsNull(Scenario.FindDifferenceFromMlperf(scenario, clients, samples, Measured(samples, seconds, queries)));

    [TestMethod]
    [DataRow(Scenario.SingleStream, 1, 1, 599, 1024)]
    [DataRow(Scenario.SingleStream, 1, 1, 600, 1023)]
    [DataRow(Scenario.SingleStream, 2, 1, 600, 1024)]
    [DataRow(Scenario.MultiStream, 1, 8, 599, 270_336)]
    [DataRow(Scenario.MultiStream, 1, 8, 600, 270_335)]
    [DataRow(Scenario.MultiStream, 1, 4, 600, 270_336)]
    [DataRow(Scenario.Server, null, 1, 599, 270_336)]
    [DataRow(Scenario.Server, null, 1, 600, 270_335)]
    [DataRow(Scenario.Offline, null, 1, 600, 24_575)]
    [DataRow(Scenario.Offline, 1, 1, 600, 24_576)]
    public void FindDifferenceFromMlperf_AnyOther_SaysNotMlperf(string scenario, int? clients, int samples, int seconds, int queries) =>
        Assert.StartsWith("not MLPerf: ", Scenario.FindDifferenceFromMlperf(scenario, clients, samples, Measured(samples, seconds, queries))!);

    [TestMethod]
    public void FindDifferenceFromMlperf_OneRejected_SaysSo()
    {
        var measured = Measured(1, 600, 270_336);
        measured.Add(new QueryResult(null, 0, new RequestRejectedException(RejectionReason.QueueFull, "full")), TimeSpan.Zero);

        Assert.Contains("every query answered, and 1 were not", Scenario.FindDifferenceFromMlperf(Scenario.Server, null, 1, measured)!);
    }

    private static Tally Measured(int samples, int seconds, int queries)
    {
        var tally = new Tally { Elapsed = TimeSpan.FromSeconds(seconds) };
        var query = Enumerable.Repeat(new QueryResult("cpu:0", 1), samples).ToArray();
        for (var i = 0; i < queries; i++) tally.Add(query, TimeSpan.FromMilliseconds(1));
        return tally;
    }
}
