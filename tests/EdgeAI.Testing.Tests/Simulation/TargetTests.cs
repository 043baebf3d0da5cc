namespace EdgeAI.Testing.Tests.Scheduling;

/// <summary>What the scheduler promises, in small scenarios; the benchmark <c>simulate</c> covers many more.</summary>
[TestClass]
public sealed class TargetTests
{
    private static readonly TimeSpan _ms = TimeSpan.FromMilliseconds(1);

    private static readonly LatencyCurve _bestAtFour = LatencyCurve.FromPoints((1, 30 * _ms), (2, 31 * _ms), (4, 51 * _ms), (8, 160 * _ms), (16, 700 * _ms));

    [TestMethod]
    [DataRow(2)]
    [DataRow(5)]
    [DataRow(10)]
    public void Run_OverloadWithDeadlines_KeepsNineTenthsOfThePeak(int load)
    {
        var peak = 4 / 0.051;
        var options = new SimulationOptions { Duration = TimeSpan.FromSeconds(60), WarmUp = TimeSpan.FromSeconds(5), Model = { DefaultDeadline = 400 * _ms } };
        options.Plans.Add(new() { Latency = _bestAtFour, Jitter = 0.05 });
        options.Traffic.Add(SimulatedTraffic.Poisson(load * peak));

        var result = SchedulingSimulation.Run(options);

        Assert.IsGreaterThan(0.9 * peak, result.Total.Goodput);
        Assert.AreEqual(0, result.Total.Lost);
    }

    [TestMethod]
    public void Run_UrgentAmongPatientOverload_AreServedInTime()
    {
        var options = new SimulationOptions { Duration = TimeSpan.FromSeconds(60) };
        options.Plans.Add(new() { Latency = _bestAtFour, Jitter = 0.05 });
        options.Traffic.Add(SimulatedTraffic.Poisson(200) with { Name = "patient", Deadline = 1000 * _ms });
        options.Traffic.Add(SimulatedTraffic.Poisson(5) with { Name = "urgent", Priority = RequestPriority.High, Deadline = 200 * _ms });

        var urgent = SchedulingSimulation.Run(options).Traffic[1];

        Assert.IsGreaterThan(0.97 * urgent.Submitted, urgent.Answered);
        Assert.IsLessThan(200, urgent.LatencyPercentile(0.99).TotalMilliseconds);
    }

    [TestMethod]
    public void Run_RunsFailNowAndThen_KeepsBatching()
    {
        SimulationResult Run(double failureRate)
        {
            var options = new SimulationOptions { Requests = 50_000 };
            options.Plans.Add(new() { Latency = LatencyCurve.Linear(5 * _ms, 0.02 * _ms), FailureRate = failureRate });
            options.Traffic.Add(SimulatedTraffic.ClosedLoop(64, TimeSpan.FromMicroseconds(20)));
            return SchedulingSimulation.Run(options);
        }

        Assert.IsGreaterThan(0.9 * Run(0).Total.Throughput, Run(0.01).Total.Throughput);
    }

    [TestMethod]
    public void Run_DeviceWithoutMemoryForLargeBatches_SettlesBelow()
    {
        var options = new SimulationOptions { Requests = 50_000, WarmUp = TimeSpan.FromSeconds(1) };
        options.Plans.Add(new() { Latency = LatencyCurve.Linear(5 * _ms, 0.02 * _ms), MemoryRows = 12, IsMeasured = false });
        options.Traffic.Add(SimulatedTraffic.ClosedLoop(64));

        var result = SchedulingSimulation.Run(options);

        Assert.AreEqual(0, result.Total.Failed);
        Assert.IsLessThan(0.05 * result.Plans[0].RunsByRows.Values.Sum(), result.Plans[0].FailedRuns);
    }

    [TestMethod]
    public void BestThroughput_ClosedLoopOnACurveThatIsBestAtFour_IsBeatenByAtMostATwentieth()
    {
        var options = new SimulationOptions { Requests = 20_000 };
        options.Plans.Add(new() { Latency = _bestAtFour, Jitter = 0.05 });
        options.Traffic.Add(SimulatedTraffic.ClosedLoop(16, TimeSpan.FromMicroseconds(20)));

        var oracle = SchedulingOracle.BestThroughput(options, mostRows: 16);

        Assert.AreEqual(4, oracle.Rows);
        Assert.AreEqual(4 / 0.051, oracle.Result.Total.Throughput, 1);
        Assert.IsGreaterThan(0.95 * oracle.Result.Total.Throughput, SchedulingSimulation.Run(options).Total.Throughput);
    }
}
