namespace EdgeAI.Testing.Tests.Scheduling;

/// <summary>Several devices behind the router, in small scenarios; the benchmark <c>routing</c> covers larger ones.</summary>
[TestClass]
public sealed class RoutingTests
{
    private static readonly TimeSpan _ms = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(3)]
    public void Run_DevicesThatFailAndVanish_EveryRequestEndsExactlyOnce(int seed)
    {
        var options = new SimulationOptions { Requests = 5_000, Seed = seed };
        options.Plans.Add(new() { DeviceId = "fast", Latency = LatencyCurve.Linear(_ms, 0.1 * _ms), Jitter = 0.2, FailureRate = 0.05, Absences = { (_second / 2, _second) } });
        options.Plans.Add(new() { DeviceId = "slow", Latency = LatencyCurve.Linear(5 * _ms, _ms), Lanes = 2, Jitter = 0.2, FailureRate = 0.05, HangRate = 0.001 });
        options.Plans.Add(new() { DeviceId = "odd", Latency = LatencyCurve.Constant(3 * _ms), FailureRates = { (_second, 1), (2 * _second, 0) } });
        options.Engine.RunTimeout = 100 * _ms;
        options.Traffic.Add(SimulatedTraffic.Poisson(1_000) with { CancelRate = 0.05, PoisonRate = 0.002 });
        options.Traffic.Add(SimulatedTraffic.Poisson(500) with { Name = "urgent", Deadline = 20 * _ms, OrderKeys = 3 });

        var result = SchedulingSimulation.Run(options);

        Assert.AreEqual(0, result.Total.Lost);
        Assert.AreEqual(0, result.Total.EndedTwice);
        Assert.AreEqual(result.Total.Answered, result.Plans.Sum(plan => plan.Answered));
        Assert.IsGreaterThan(0, result.Plans.Sum(plan => plan.FailedOver));
        Assert.IsTrue(result.Plans.All(plan => plan.Answered > 0));
    }

    [TestMethod]
    public void Run_FailedRuns_AreAnsweredElsewhere()
    {
        var options = new SimulationOptions { Requests = 2_000 };
        options.Plans.Add(new() { DeviceId = "a", FailureRates = { (_second / 2, 1) } });
        options.Plans.Add(new() { DeviceId = "b", Latency = LatencyCurve.Constant(2 * _ms) });
        options.Traffic.Add(SimulatedTraffic.Poisson(200));

        var result = SchedulingSimulation.Run(options);

        Assert.AreEqual(2_000, result.Total.Answered);
        Assert.IsGreaterThan(0, result.Plans[0].FailedOver);
        Assert.AreEqual(0, result.Plans[1].FailedOver);
    }

    [TestMethod]
    public void Run_FaultsWithOneDevice_FailTheirRequests()
    {
        var options = new SimulationOptions { Requests = 100 };
        options.Plans.Add(new() { FailureRates = { (TimeSpan.Zero, 1) } });
        options.Traffic.Add(SimulatedTraffic.Poisson(200));

        Assert.AreEqual(100, SchedulingSimulation.Run(options).Total.Failed);
    }

    [TestMethod]
    public void Run_DeviceBecomesSlow_LosesItsTrafficAndGetsItBack()
    {
        var options = new SimulationOptions { Duration = 30 * _second, Slice = _second };
        options.Plans.Add(new() { DeviceId = "a", Latency = LatencyCurve.Constant(2 * _ms), Jitter = 0.05, Slowdowns = { (10 * _second, 3), (20 * _second, 1) } });
        options.Plans.Add(new() { DeviceId = "b", Latency = LatencyCurve.Constant(3 * _ms), Jitter = 0.05 });
        options.Traffic.Add(SimulatedTraffic.Poisson(50));

        var (a, b) = Answered(options);

        Assert.IsGreaterThan(0.8, Share(a, b, 5, 10));
        Assert.IsLessThan(0.2, Share(a, b, 11, 20));
        Assert.IsGreaterThan(0.8, Share(a, b, 26, 30));
    }

    [TestMethod]
    public void Run_DeviceIsGone_IsLeftAloneAndTriedAgain()
    {
        var options = new SimulationOptions { Duration = 30 * _second, Slice = _second };
        options.Plans.Add(new() { DeviceId = "a", Latency = LatencyCurve.Constant(2 * _ms), Absences = { (10 * _second, 20 * _second) } });
        options.Plans.Add(new() { DeviceId = "b", Latency = LatencyCurve.Constant(6 * _ms) });
        options.Traffic.Add(SimulatedTraffic.Poisson(50));

        var result = SchedulingSimulation.Run(options);
        var runs = result.Plans[0].RunsBySlice;

        Assert.AreEqual(result.Total.Submitted, result.Total.Answered);
        Assert.AreEqual(0, result.Plans[0].AnsweredBySlice.Skip(11).Take(9).Sum());
        Assert.IsInRange(1, 8, runs.Skip(11).Take(9).Sum());

        // Pauses double: 0.5, 1, 2, 4, 8 s after the first fault.
        Assert.IsGreaterThan(0.8, Share(result.Plans[0].AnsweredBySlice, result.Plans[1].AnsweredBySlice, 26, 30));
    }

    [TestMethod]
    public void Run_FailedRequestsWaitForASlowDevice_OthersAreNotHeldUp()
    {
        var options = new SimulationOptions { Requests = 4_000 };
        options.Plans.Add(new() { DeviceId = "fast", FailureRate = 0.02 });
        options.Plans.Add(new() { DeviceId = "slow", Latency = LatencyCurve.Constant(200 * _ms) });
        options.Traffic.Add(SimulatedTraffic.Poisson(200));

        var result = SchedulingSimulation.Run(options);

        Assert.IsGreaterThan(20, result.Plans[0].FailedOver);
        Assert.IsLessThan(3, result.Total.LatencyPercentile(0.9).TotalMilliseconds);
    }

    [TestMethod]
    public void Run_FastDeviceIsFull_TheSlowOneHelps()
    {
        SimulationCounts Run(bool hasHelper)
        {
            var options = new SimulationOptions { Requests = 20_000, Model = { MaxBatch = 1 } };
            options.Plans.Add(new() { DeviceId = "fast", Latency = LatencyCurve.Constant(_ms) });
            if (hasHelper) options.Plans.Add(new() { DeviceId = "slow", Latency = LatencyCurve.Constant(4 * _ms) });
            options.Traffic.Add(SimulatedTraffic.ClosedLoop(32));
            return SchedulingSimulation.Run(options).Total;
        }

        Assert.AreEqual(1000, Run(hasHelper: false).Throughput, 5);
        Assert.AreEqual(1250, Run(hasHelper: true).Throughput, 15);
    }

    [TestMethod]
    public void Run_EqualDevicesOneAtATime_DoesNotFlap()
    {
        var options = new SimulationOptions { Requests = 2_000 };
        foreach (var id in new[] { "a", "b" }) options.Plans.Add(new() { DeviceId = id, Jitter = 0.03 });
        options.Traffic.Add(SimulatedTraffic.ClosedLoop(1));

        var shares = SchedulingSimulation.Run(options).Plans.Select(plan => plan.Answered).ToArray();

        Assert.AreEqual(2_000, shares.Max());
    }

    [TestMethod]
    public void Run_RoundRobin_SharesOutEvenlyAndLeavesNobodyWaiting()
    {
        var options = new SimulationOptions { Requests = 3_000, Routing = new Routing.Policies.RoundRobinPolicy() };
        foreach (var id in new[] { "a", "b", "c" }) options.Plans.Add(new() { DeviceId = id });
        options.Traffic.Add(SimulatedTraffic.ClosedLoop(1));

        var result = SchedulingSimulation.Run(options);

        Assert.AreEqual(1, result.Total.MeanLatency.TotalMilliseconds, 0.01);
        foreach (var plan in result.Plans) Assert.AreEqual(1_000, plan.Answered, 1);
    }

    [TestMethod]
    public void Run_DeadlinesOnMixedDevices_AreMetByThoseThatAreAdmitted()
    {
        var options = new SimulationOptions { Duration = 20 * _second, WarmUp = _second };
        options.Plans.Add(new() { DeviceId = "fast", Latency = LatencyCurve.Linear(_ms, 0.1 * _ms), Jitter = 0.05 });
        options.Plans.Add(new() { DeviceId = "slow", Latency = LatencyCurve.Linear(20 * _ms, 5 * _ms), Jitter = 0.05 });
        options.Traffic.Add(SimulatedTraffic.Poisson(1_500) with { Deadline = 15 * _ms });

        var total = SchedulingSimulation.Run(options).Total;

        Assert.IsGreaterThan(0.95 * total.Submitted, total.Admitted);
        Assert.IsLessThan(0.001 * total.Admitted, total.DeadlineMisses);
    }

    [TestMethod]
    public void Run_SameSeedWithFaultsAndFailover_GivesTheSameResults()
    {
        static string Show()
        {
            var options = new SimulationOptions { Requests = 2_000, Slice = _second / 10 };
            foreach (var id in new[] { "a", "b" }) options.Plans.Add(new() { DeviceId = id, Jitter = 0.1, FailureRate = 0.1 });
            options.Traffic.Add(SimulatedTraffic.Poisson(900));
            var result = SchedulingSimulation.Run(options);
            return string.Join(' ', result.Plans.Select(plan => $"{plan.FailedOver} {string.Join(',', plan.AnsweredBySlice)} {string.Join(',', plan.RunsBySlice)}"));
        }

        Assert.AreEqual(Show(), Show());
    }

    [TestMethod]
    public void Run_ScriptOutOfRange_IsRefusedWithEveryError()
    {
        var options = new SimulationOptions { Requests = 1, Slice = TimeSpan.Zero };
        options.Plans.Add(new() { FailureRates = { (_second, 2), (_ms, 0) }, Absences = { (_second, _second) } });
        options.Traffic.Add(SimulatedTraffic.Poisson(1));

        var error = Assert.ThrowsExactly<ArgumentException>(() => SchedulingSimulation.Run(options));

        foreach (var part in new[] { "FailureRates[0]", "FailureRates[1]", "Absences[0]", "Slice" }) Assert.Contains(part, error.Message);
    }

    private static (IReadOnlyList<long> A, IReadOnlyList<long> B) Answered(SimulationOptions options)
    {
        var plans = SchedulingSimulation.Run(options).Plans;
        return (plans[0].AnsweredBySlice, plans[1].AnsweredBySlice);
    }

    /// <summary>The share of the first device in some of the slices.</summary>
    private static double Share(IReadOnlyList<long> a, IReadOnlyList<long> b, int from, int to)
    {
        var first = a.Skip(from).Take(to - from).Sum();
        return first / (double)(first + b.Skip(from).Take(to - from).Sum());
    }
}
