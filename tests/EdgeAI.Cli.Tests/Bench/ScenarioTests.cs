using EdgeAI.Cli.Bench;

namespace EdgeAI.Cli.Tests.Bench;

[TestClass]
public sealed class ScenarioTests
{
    [TestMethod]
    [DataRow(Scenario.SingleStream, 1, 600, 1024L)]
    [DataRow(Scenario.Offline, null, 601, 24_576L)]
    public void FindDifferenceFromMlperf_FullRun_IsNone(string scenario, int? clients, int seconds, long queries) =>
        Assert.IsNull(Scenario.FindDifferenceFromMlperf(scenario, clients, TimeSpan.FromSeconds(seconds), queries));

    [TestMethod]
    [DataRow(Scenario.SingleStream, 1, 599, 1024L)]
    [DataRow(Scenario.SingleStream, 1, 600, 1023L)]
    [DataRow(Scenario.SingleStream, 2, 600, 1024L)]
    [DataRow(Scenario.Offline, null, 600, 24_575L)]
    [DataRow(Scenario.Offline, 1, 600, 24_576L)]
    public void FindDifferenceFromMlperf_AnyOther_SaysNotMlperf(string scenario, int? clients, int seconds, long queries) =>
        Assert.StartsWith("not MLPerf: ", Scenario.FindDifferenceFromMlperf(scenario, clients, TimeSpan.FromSeconds(seconds), queries)!);
}
