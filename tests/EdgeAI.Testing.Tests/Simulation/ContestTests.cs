namespace EdgeAI.Testing.Tests.Scheduling;

/// <summary>Two plans whose curves do not tell how they serve: the scheduler finds out, at little cost.</summary>
[TestClass]
public sealed class ContestTests
{
    private static readonly TimeSpan _ms = TimeSpan.FromMilliseconds(1);

    [TestMethod]
    public void Run_PlannedPlanIsSlowerThanItsCurve_ServesWithTheOther()
    {
        // Measured at 1,000 a second, the planned one serves 500; the other keeps its 833.
        var result = Run(plannedSlowdown: 2, 1.2 * _ms);

        Assert.IsGreaterThan(0.97 * 1000 / 1.2, result.Total.Throughput);
        Assert.AreEqual(0, result.Total.Lost);
    }

    [TestMethod]
    public void Run_OtherPlanIsSlowerThanItsCurve_CostsLessThanAHundredth()
    {
        // Measured at 1,250 a second, it serves 625.
        var result = Run(plannedSlowdown: 1, 0.8 * _ms, otherSlowdown: 2);

        Assert.IsGreaterThan(0.99 * 1000, result.Total.Throughput);
        Assert.IsGreaterThan(30, result.Plans[1].RunsByRows[1], "it was tried");
    }

    [TestMethod]
    public void Run_OtherPlanFails_IsNotTakenForAQuickOne()
    {
        var result = Run(plannedSlowdown: 1, 0.5 * _ms, otherFailureRate: 1);

        Assert.IsGreaterThan(0.95 * 1000, result.Total.Throughput);
    }

    private static SimulationResult Run(double plannedSlowdown, TimeSpan otherLatency, double otherSlowdown = 1, double otherFailureRate = 0)
    {
        var options = new SimulationOptions { Duration = TimeSpan.FromSeconds(60), WarmUp = TimeSpan.FromSeconds(5), Model = { MaxBatch = 1 } };
        options.Plans.Add(new() { Latency = LatencyCurve.Constant(_ms), Jitter = 0.05, DeviceCores = 1, Slowdowns = { (TimeSpan.Zero, plannedSlowdown) } });
        options.Plans.Add(new() { Latency = LatencyCurve.Constant(otherLatency), Jitter = 0.05, DeviceCores = 1, MinConcurrency = 1000, FailureRate = otherFailureRate, Slowdowns = { (TimeSpan.Zero, otherSlowdown) } });
        options.Traffic.Add(SimulatedTraffic.ClosedLoop(4));
        return SchedulingSimulation.Run(options);
    }
}
