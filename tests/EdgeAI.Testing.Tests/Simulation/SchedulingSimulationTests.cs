namespace EdgeAI.Testing.Tests.Scheduling;

[TestClass]
public sealed class SchedulingSimulationTests
{
    private static readonly TimeSpan _ms = TimeSpan.FromMilliseconds(1);

    [TestMethod]
    public void Run_SameSeed_GivesTheSameResults()
    {
        static string Show(int seed)
        {
            var result = SchedulingSimulation.Run(Faulty(seed));
            return string.Join(' ', result.Total.Answered, result.Total.Failed, result.Total.MeanLatency.Ticks, result.Duration.Ticks, string.Join(',', result.Plans[0].RunsByRows));
        }

        Assert.AreEqual(Show(7), Show(7));
        Assert.AreNotEqual(Show(7), Show(8));
    }

    [TestMethod]
    [DataRow(0.3)]
    [DataRow(0.5)]
    [DataRow(0.8)]
    public void Run_UnbatchedPoissonTraffic_WaitsAsPollaczekAndKhinchineSay(double load)
    {
        var options = new SimulationOptions { Requests = 400_000, Model = { MaxBatch = 1 } };
        options.Plans.Add(new() { Latency = LatencyCurve.Constant(_ms) });
        options.Traffic.Add(SimulatedTraffic.Poisson(load * 1000));

        var result = SchedulingSimulation.Run(options);

        // A queue with random arrivals and constant service (M/D/1) waits rho s / (2 (1 - rho)) on average.
        var expected = 1 + (load / (2 * (1 - load)));
        Assert.AreEqual(expected, result.Total.MeanLatency.TotalMilliseconds, 0.03 * expected);
        Assert.AreEqual(load, result.Plans[0].Utilization, 0.02 * load);

        // Little: as many are in the system as arrive in the time that one spends there; each run takes 1 ms.
        Assert.AreEqual(load * 1000, result.Total.Throughput, 0.02 * load * 1000);
    }

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(3, 2)]
    [DataRow(8, 2)]
    public void Run_UnbatchedClosedLoop_ReachesTheLanesOrTheClientsPace(int clients, int lanes)
    {
        var options = new SimulationOptions { Requests = 20_000, Model = { MaxBatch = 1 } };
        options.Plans.Add(new() { Latency = LatencyCurve.Constant(_ms), Lanes = lanes });
        options.Traffic.Add(SimulatedTraffic.ClosedLoop(clients));

        var result = SchedulingSimulation.Run(options);

        Assert.AreEqual(1000.0 * Math.Min(clients, lanes), result.Total.Throughput, 5);
        Assert.AreEqual(clients / result.Total.Throughput, result.Total.MeanLatency.TotalSeconds, 1e-5);
    }

    [TestMethod]
    public void Run_ClientsOfAFlatCurve_ShareEveryRun()
    {
        var options = new SimulationOptions { Requests = 20_000 };
        options.Plans.Add(new() { Latency = LatencyCurve.Linear(5 * _ms, 0.01 * _ms) });
        options.Traffic.Add(SimulatedTraffic.ClosedLoop(16, TimeSpan.FromMicroseconds(20)));

        var result = SchedulingSimulation.Run(options);

        Assert.IsGreaterThan(15, result.Plans[0].MeanRows);
        Assert.AreEqual(0, result.Total.Lost);
    }

    [TestMethod]
    public void Run_StuckRuns_AreAbandonedAndTheirLanesReplacedUpToTheLimit()
    {
        var options = new SimulationOptions { Requests = 100, Model = { MaxBatch = 1 }, Engine = { MaxAbandonedLanes = 2, RunTimeout = TimeSpan.FromSeconds(1), AbortTimeout = TimeSpan.FromSeconds(1) } };
        options.Plans.Add(new() { StuckRate = 1 });
        options.Traffic.Add(SimulatedTraffic.Poisson(100));

        var result = SchedulingSimulation.Run(options);

        Assert.AreEqual(3, result.Plans[0].LanesLost);
        Assert.AreEqual(2, result.Plans[0].LanesReplaced);
        Assert.AreEqual(3, result.Plans[0].Interrupted);
        Assert.AreEqual(0, result.Total.Answered);
        Assert.IsGreaterThan(0, result.Total.Failed);
        Assert.AreEqual(100, result.Total.Failed + result.Total.RefusedInAll);
        Assert.AreEqual(0, result.Total.Lost);
    }

    [TestMethod]
    public void Run_HangingRuns_AreInterruptedAndFailAlone()
    {
        var options = new SimulationOptions { Requests = 2000, Engine = { RunTimeout = TimeSpan.FromMilliseconds(100) } };
        options.Plans.Add(new() { HangRate = 0.01 });
        options.Traffic.Add(SimulatedTraffic.ClosedLoop(1));

        var result = SchedulingSimulation.Run(options);

        Assert.AreEqual(result.Total.Failed, result.Plans[0].Interrupted);
        Assert.IsGreaterThan(5, result.Total.Failed);
        Assert.AreEqual(2000, result.Total.Answered + result.Total.Failed);
        Assert.AreEqual(0, result.Plans[0].LanesLost);
    }

    [TestMethod]
    public void Run_PoisonInBatches_FailsNobodyElse()
    {
        var options = new SimulationOptions { Requests = 20_000 };
        options.Plans.Add(new() { Latency = LatencyCurve.Linear(_ms, 0.1 * _ms) });
        options.Traffic.Add(SimulatedTraffic.Poisson(2000) with { Name = "sound" });
        options.Traffic.Add(SimulatedTraffic.Poisson(20) with { Name = "poison", PoisonRate = 1 });

        var result = SchedulingSimulation.Run(options);

        Assert.AreEqual(0, result.Traffic[0].Failed);
        Assert.AreEqual(0, result.Traffic[1].Answered);
        Assert.AreEqual(result.Traffic[1].Submitted, result.Traffic[1].Failed);
    }

    [TestMethod]
    public void Run_DeviceThrottled_PredictionsFollow()
    {
        var options = new SimulationOptions { Requests = 20_000, WarmUp = TimeSpan.FromSeconds(1) };
        options.Plans.Add(new() { Jitter = 0.05, Slowdowns = { (TimeSpan.FromSeconds(5), 3), (TimeSpan.FromSeconds(20), 1) } });
        options.Traffic.Add(SimulatedTraffic.Poisson(300));

        var result = SchedulingSimulation.Run(options);

        Assert.IsLessThan(0.15, result.PredictionErrorP95);
        Assert.IsGreaterThan(2.0, result.Total.LatencyPercentile(0.9).TotalMilliseconds);
    }

    [TestMethod]
    public void Run_DeadlineTooShort_IsRefusedNotServedLate()
    {
        var options = new SimulationOptions { Duration = TimeSpan.FromSeconds(5), Model = { MaxBatch = 1, DefaultDeadline = 20 * _ms } };
        options.Plans.Add(new());
        options.Traffic.Add(SimulatedTraffic.Poisson(5000));

        var result = SchedulingSimulation.Run(options);

        Assert.IsGreaterThan(900, result.Total.Goodput);
        Assert.AreEqual(result.Total.Throughput, result.Total.Goodput, 1);
        Assert.IsTrue(result.Total.Refused.ContainsKey(RejectionReason.DeadlineInfeasible));
    }

    [TestMethod]
    public void Run_TraceAndBurst_SendWhatTheySay()
    {
        var options = new SimulationOptions { Duration = TimeSpan.FromSeconds(1), Model = { MaxBatch = 1 } };
        options.Plans.Add(new());
        options.Traffic.Add(SimulatedTraffic.Trace(TimeSpan.Zero, 10 * _ms, 10 * _ms) with { Name = "trace" });
        options.Traffic.Add(SimulatedTraffic.Burst(5, 400 * _ms) with { Name = "burst", Priority = RequestPriority.Low });

        var result = SchedulingSimulation.Run(options);

        Assert.AreEqual(3, result.Traffic[0].Answered);
        Assert.AreEqual(15, result.Traffic[1].Answered);
        Assert.AreEqual(2, result.Traffic[0].LatencyPercentile(1).TotalMilliseconds, 0.02);
    }

    [TestMethod]
    public void Run_OptionsOutOfRange_ReportsEveryError()
    {
        var options = new SimulationOptions { Requests = 0, Model = { MaxBatch = 0 } };
        options.Plans.Add(new() { Lanes = 0, FailureRate = 2 });

        var error = Assert.ThrowsExactly<ArgumentException>(() => SchedulingSimulation.Run(options));

        foreach (var part in new[] { "Requests is 0", "MaxBatch is 0", "Lanes is 0", "rates", "Traffic is empty" }) StringAssert.Contains(error.Message, part);
    }

    private static SimulationOptions Faulty(int seed)
    {
        var options = new SimulationOptions { Requests = 20_000, Seed = seed };
        options.Plans.Add(new() { Latency = LatencyCurve.Linear(_ms, 0.1 * _ms), Jitter = 0.2, FailureRate = 0.01, Lanes = 2 });
        options.Traffic.Add(SimulatedTraffic.Poisson(5000) with { PoisonRate = 0.01, CancelRate = 0.1 });
        return options;
    }
}
