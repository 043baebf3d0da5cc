using Microsoft.Extensions.Logging.Testing;

namespace EdgeAI.Routing.Policies;

[TestClass]
public sealed class GuardedRoutingPolicyTests
{
    private static readonly RoutingOption[] _options =
    [
        new() { DeviceId = "slow", IdleLanes = 1, Lanes = 1, Run = TimeSpan.FromMilliseconds(2) },
        new() { DeviceId = "fast", IdleLanes = 1, Lanes = 1, Run = TimeSpan.FromMilliseconds(1) },
    ];

    [TestMethod]
    [DataRow(-1)]
    [DataRow(2)]
    [DataRow(null)]
    public void Choose_PolicyFails_DecidesAsEarliestFinishAndLogsOnce(int? answer)
    {
        var logger = new FakeLogger();
        var policy = new GuardedRoutingPolicy(new Answering(answer), "model", logger);

        Assert.AreEqual(1, policy.Choose(_options, new RoutingQuery(1, null, -1)));
        Assert.AreEqual(1, policy.Choose(_options, new RoutingQuery(1, null, -1)));

        Assert.AreEqual(1, logger.Collector.Count);
        Assert.IsNotNull(logger.LatestRecord.Exception);
        StringAssert.Contains(logger.LatestRecord.Message, "answering");
    }

    [TestMethod]
    public void Choose_PolicyAnswers_IsObeyed()
    {
        var policy = new GuardedRoutingPolicy(new Answering(0), "model", new FakeLogger());

        Assert.AreEqual(0, policy.Choose(_options, new RoutingQuery(1, null, -1)));
        Assert.AreEqual("answering", policy.Name);
    }

    private sealed class Answering(int? answer) : IRoutingPolicy
    {
        public string Name => "answering";

        public int Choose(ReadOnlySpan<RoutingOption> options, in RoutingQuery query) => answer ?? throw new InvalidOperationException("No answer.");
    }
}
