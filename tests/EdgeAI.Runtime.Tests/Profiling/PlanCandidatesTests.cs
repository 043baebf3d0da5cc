using CsCheck;
using EdgeAI.Configuration;

namespace EdgeAI.Profiling;

[TestClass]
public sealed class PlanCandidatesTests
{
    [TestMethod]
    [DataRow(1, "1x1")]
    [DataRow(2, "1x1 1x2 2x1")]
    [DataRow(4, "1x1 1x4 2x2 4x1")]
    [DataRow(6, "1x1 1x6 2x3 3x2 6x1")]
    [DataRow(7, "1x1 1x7 2x3 7x1")]
    [DataRow(8, "1x1 1x8 2x4 4x2 8x1")]
    [DataRow(12, "1x1 1x12 2x6 3x4 4x3 6x2 12x1")]
    public void For_NothingFixed_DividesTheCores(int cores, string expected) => Assert.AreEqual(expected, Names(cores, null, null));

    [TestMethod]
    [DataRow(2, null, "2x1 2x2 2x4")]
    [DataRow(null, 2, "1x2 2x2 4x2")]
    [DataRow(3, 5, "3x5")]
    [DataRow(16, null, "16x1")]
    [DataRow(null, 16, "1x16")]
    public void For_FixedSettings_AreKept(int? lanes, int? threads, string expected) => Assert.AreEqual(expected, Names(8, lanes, threads));

    [TestMethod]
    public void For_NoParallelism_IsOnePlan() => Assert.AreEqual("1x1", Names(null, null, null));

    [TestMethod]
    public void For_AnyCores_FitsAndHasBothEnds() => Gen.Int[1, 512].Sample(cores =>
    {
        var plans = PlanCandidates.For(Device(cores), Settings(null, null));
        Assert.IsLessThanOrEqualTo(9, plans.Count);
        Assert.AreEqual(plans.Count, plans.Distinct().Count());
        Assert.IsTrue(plans.All(plan => plan.Lanes * plan.Threads <= cores && plan.Threads >= 1));
        Assert.AreEqual(new LanePlan(1, 1), plans[0]);
        Assert.AreEqual(new LanePlan(1, cores), plans[Math.Min(1, plans.Count - 1)]);
        Assert.AreEqual(new LanePlan(cores, 1), plans[^1]);
    });

    private static string Names(int? cores, int? lanes, int? threads) =>
        string.Join(' ', PlanCandidates.For(Device(cores), Settings(lanes, threads)).Select(plan => $"{plan.Lanes}x{plan.Threads}"));

    private static DeviceInfo Device(int? cores) => new("cpu:0", "cpu", DeviceKind.Cpu, "test") { Parallelism = cores };

    private static ModelSettings Settings(int? lanes, int? threads) => ModelSettings.From(new ModelOptions { Lanes = lanes, ThreadsPerLane = threads }, new EdgeAIOptions());
}
